"""Quem chama quem, e por que nomes em cada transporte, lido do código dos `clientes/`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ecommerce.servicos import SERVICOS
from laboratorio.sistema import RAIZ


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
    arquivos = [(s, c) for s in SERVICOS for c in sorted((RAIZ / s / "clientes").glob("*_rest.py"))]
    return [chamada for servico, arquivo in arquivos for chamada in _do_par(servico, arquivo)]


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


def _do_par(servico: str, arquivo_rest: Path) -> Iterator[Chamada]:
    """Os verbos do par `<servico>_rest.py` e `<servico>_grpc.py`, que são os mesmos."""
    para = arquivo_rest.stem.removesuffix("_rest")
    por_rest = _operacoes(arquivo_rest)
    por_grpc = _operacoes(arquivo_rest.with_name(f"{para}_grpc.py"))
    for verbo, rest in por_rest.items():
        yield Chamada(servico, para, verbo, rest, por_grpc[verbo])


def _operacoes(arquivo: Path) -> dict[str, str]:
    """Do nome de cada método da classe do arquivo à operação que ele pede."""
    return {
        metodo.name: operacao
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
