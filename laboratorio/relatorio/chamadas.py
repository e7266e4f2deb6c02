"""Quem chama quem, e por que nomes em cada transporte, lido do código dos `vizinhos/`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ecommerce.servicos import SERVICOS
from laboratorio.sistema.processos import RAIZ


@dataclass(frozen=True)
class Chamada:
    """Uma operação que `de` pede a `para`: `verbo` é o método Python, igual nos transportes."""

    de: str
    para: str
    verbo: str
    rest: str
    grpc: str


def chamadas() -> list[Chamada]:
    """As chamadas entre serviços, na ordem da tabela e do código."""
    return [chamada for servico in SERVICOS for chamada in _do_servico(servico)]


def da_cadeia() -> list[tuple[Chamada, Chamada]]:
    """Para cada salto do checkout, a chamada que faz e a que desfaz."""
    saltos = []
    for servico in SERVICOS.values():
        if servico.proximo:
            fazer, desfazer = (
                c for c in chamadas() if (c.de, c.para) == (servico.nome, servico.proximo)
            )
            saltos.append((fazer, desfazer))
    return saltos


def _do_servico(servico: str) -> Iterator[Chamada]:
    """O que o serviço pede aos vizinhos; os verbos são os mesmos por REST e por gRPC."""
    pasta = RAIZ / servico / "vizinhos"
    if not pasta.is_dir():
        return
    por_grpc = _operacoes(pasta / "grpc.py")
    for (para, verbo), rest in _operacoes(pasta / "rest.py").items():
        yield Chamada(servico, para, verbo, rest, por_grpc[para, verbo])


def _operacoes(arquivo: Path) -> dict[tuple[str, str], str]:
    """De cada vizinho e método da classe dele à operação que o método pede."""
    return {
        (classe.name.partition("Por")[0].lower(), metodo.name): operacao
        for classe in ast.parse(arquivo.read_text(encoding="utf-8")).body
        if isinstance(classe, ast.ClassDef)
        for metodo in classe.body
        if isinstance(metodo, ast.FunctionDef) and (operacao := _operacao(metodo))
    }


def _operacao(metodo: ast.FunctionDef) -> str | None:
    """`POST /estoque/separar` ou `SepararEstoque`: o que a chamada que nomeia um serviço pede."""
    for no in ast.walk(metodo):
        if isinstance(no, ast.Call):
            textos = [_texto(a) for a in no.args if isinstance(a, ast.Constant | ast.JoinedStr)]
            if textos and textos[0] in SERVICOS:
                return " ".join(textos[1:])
    return None


def _texto(no: ast.Constant | ast.JoinedStr) -> str:
    """O texto do argumento; o que nele varia aparece como `{id}`."""
    if isinstance(no, ast.Constant):
        return str(no.value)
    return "".join(str(p.value) if isinstance(p, ast.Constant) else "{id}" for p in no.values)
