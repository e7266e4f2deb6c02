"""O que os documentos dizem do código continua verdade: links, nomes, operações, erros e falhas."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

from ecommerce.erros import CODIGOS
from ecommerce.servicos import SERVICOS
from ecommerce.transporte.categorias import CATEGORIAS, TITULOS_HTTP
from ecommerce.transporte.grpc.acesso import nome_do_caso
from laboratorio.sistema.processos import RAIZ
from pedidos.dominio import RECUSAS
from testes.apoio.permissoes import permissao
from testes.entrada.teste_acesso import OPERACOES
from testes.falhas.matriz import FALHAS
from testes.teste_estrutura import arvore, fontes

DOCUMENTOS = [
    *sorted(RAIZ.glob("README*.md")),
    *sorted((RAIZ / "docs").rglob("*.md")),
    RAIZ / "relatorio" / "relatorio.md",
]
CONTRATO, FALHAS_MD, PASSEIO = (
    RAIZ / "docs" / nome for nome in ("contrato.md", "falhas.md", "passeio.md")
)
FORA_DA_MATRIZ = {8}  # a sobrecarga tem um teste à parte
LINK = re.compile(r"\]\(([^)\s]+)\)")
CITADO = re.compile(r"`([^`\n]+)`")
CAMINHO = re.compile(r"[\w.-]+(/[\w.-]+)+\.(py|md|sh|proto|toml|json)")
IDENTIFICADOR = re.compile(r"_?[A-Za-z]\w*_\w+|[A-Z][a-z]\w+")


def prosa(documento: Path) -> str:
    """O texto, sem os blocos de código."""
    texto = documento.read_text(encoding="utf-8")
    return re.sub(r"^```.*?^```$", "", texto, flags=re.MULTILINE | re.DOTALL)


def ancora(titulo: str) -> str:
    """O endereço que o GitHub dá a um título."""
    return re.sub(r"[^\w\- ]", "", titulo.strip().lower()).replace(" ", "-")


def definidos(caminho: Path) -> set[str]:
    """O que um módulo define: funções, classes e nomes, de qualquer nível."""
    nos = list(ast.walk(arvore(caminho)))
    nomes = {n.name for n in nos if isinstance(n, ast.FunctionDef | ast.ClassDef)}
    return nomes | {n.id for n in nos if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


@pytest.mark.parametrize("documento", DOCUMENTOS, ids=lambda d: str(d.relative_to(RAIZ)))
def teste_todo_link_relativo_leva_a_algum_lugar(documento: Path) -> None:
    for link in LINK.findall(prosa(documento)):
        if re.match(r"[a-z]+:", link):  # de fora
            continue
        caminho, _, secao = unquote(link).partition("#")
        alvo = documento.parent / caminho if caminho else documento
        assert alvo.exists(), link
        if secao:
            titulos = re.findall(r"^#+ (.+)$", prosa(alvo), re.MULTILINE)
            assert secao in map(ancora, titulos), link


@pytest.mark.parametrize("documento", DOCUMENTOS, ids=lambda d: str(d.relative_to(RAIZ)))
def teste_todo_arquivo_e_nome_citado_existe(documento: Path) -> None:
    # `vizinhos/rest.py` é o de qualquer serviço; `arquivo.py::nome` diz também o nome
    for citado in CITADO.findall(prosa(documento)):
        arquivo, _, nome = citado.partition("::")
        if not CAMINHO.fullmatch(arquivo):
            continue
        inteiro = RAIZ / arquivo
        achados = [inteiro] if inteiro.exists() else list(RAIZ.glob(f"*/**/{arquivo}"))
        assert achados, citado
        assert not nome or nome in definidos(achados[0]), citado


def teste_todo_nome_do_passeio_esta_no_codigo() -> None:
    codigo = "\n".join(p.read_text(encoding="utf-8") for p in fontes("ecommerce", *SERVICOS))
    no_codigo = set(re.findall(r"\w+", codigo))
    citados = {c for c in CITADO.findall(prosa(PASSEIO)) if IDENTIFICADOR.fullmatch(c)}
    assert citados <= no_codigo, citados - no_codigo


def teste_o_contrato_lista_os_codigos_que_o_codigo_tem() -> None:
    no_contrato = re.findall(r"^\| `(\w+)` \| \d{3}", prosa(CONTRATO), re.MULTILINE)
    assert len(no_contrato) == len(set(no_contrato))
    assert set(no_contrato) == set(codigos_do_codigo()) == set(CODIGOS)


def teste_o_contrato_diz_o_status_de_cada_categoria() -> None:
    linhas = re.findall(r"^\| `(\w+)` \| ([\d, ]+) \| (\w*)", prosa(CONTRATO), re.MULTILINE)
    no_contrato = {codigo: (status, grpc) for codigo, status, grpc in linhas}
    for erro, categoria in CATEGORIAS.items():
        if "codigo" in vars(erro):  # uma recusa traz o seu
            so_de_http = [s for s, (codigo, _) in TITULOS_HTTP.items() if codigo == erro.codigo]
            status = ", ".join(map(str, [categoria.http, *so_de_http]))
            assert no_contrato[erro.codigo] == (status, categoria.grpc)
    com_categoria = {erro.codigo for erro in CATEGORIAS}
    for status_http, (codigo, _) in TITULOS_HTTP.items():
        if codigo not in com_categoria:
            assert str(status_http) in no_contrato[codigo][0] and not no_contrato[codigo][1]


def codigos_do_codigo() -> Iterator[str]:
    """Os `codigo` das classes de erro, os que se dão a elas, e os que só o HTTP tem."""
    yield from RECUSAS
    yield from (codigo for codigo, _ in TITULOS_HTTP.values())
    for caminho in fontes("ecommerce", *SERVICOS):
        if "testes" in caminho.parts:
            continue
        for no in ast.walk(arvore(caminho)):
            if isinstance(no, ast.keyword) and no.arg == "codigo":
                yield from _textos(no.value)
            if isinstance(no, ast.Assign) and ast.unparse(no.targets[0]) == "codigo":
                yield from _textos(no.value) if _numa_classe_de_erro(caminho) else ()


def _numa_classe_de_erro(caminho: Path) -> bool:
    return caminho == RAIZ / "ecommerce" / "erros.py"


def _textos(no: ast.AST) -> Iterator[str]:
    filhos = ast.walk(no)
    return (n.value for n in filhos if isinstance(n, ast.Constant) and isinstance(n.value, str))


def teste_o_contrato_lista_as_operacoes_que_existem() -> None:
    # quem compara OPERACOES com o que os serviços anunciam é o teste do acesso
    linhas = re.findall(r"^\| `([A-Z]+) (/\S+)` \| (\w+) \|", prosa(CONTRATO), re.MULTILINE)
    existem = {(metodo, caminho, acesso) for (_, metodo, caminho), acesso in OPERACOES.items()}
    assert sorted(linhas) == sorted(existem)


def teste_o_contrato_diz_que_permissao_a_equipe_precisa_ter() -> None:
    linhas = re.findall(
        r"^\| `([A-Z]+) (/\S+)` \| \w+ \| (?:`(\w+)`|todos|–) \|", prosa(CONTRATO), re.MULTILINE
    )
    pedem = {(m, caminho, permissao(servico, m, caminho)) for servico, m, caminho in OPERACOES}
    assert {(metodo, caminho, pede or None) for metodo, caminho, pede in linhas} == pedem


def teste_o_contrato_lista_os_metodos_dos_proto() -> None:
    linhas = re.findall(r"^\| `(\w+\.\w+/\w+)` \| (\w+) \|", prosa(CONTRATO), re.MULTILINE)
    assert sorted(linhas) == sorted((metodo, _acesso(metodo)) for metodo in _dos_proto())


def _dos_proto() -> Iterator[str]:
    for proto in (RAIZ / "ecommerce" / "contratos").glob("*.proto"):
        texto = proto.read_text(encoding="utf-8")
        for servico in re.findall(r"^service (\w+)", texto, re.MULTILINE):
            pacote = re.search(r"^package (\w+);", texto, re.MULTILINE)
            assert pacote
            for metodo in re.findall(r"^  rpc (\w+)", texto, re.MULTILINE):
                yield f"{pacote[1]}.{servico}/{metodo}"


def _acesso(metodo: str) -> str:
    servico = next(s for s in SERVICOS.values() if s.contrato == metodo.partition("/")[0])
    casos = (RAIZ / servico.nome / "casos_de_uso.py").read_text(encoding="utf-8")
    dito = re.search(rf"^abrir_a\(Quem\.(\w+),[^)]*\b{nome_do_caso(metodo)}\b", casos, re.MULTILINE)
    return {"TODOS": "publica", "LOJA": "loja"}[dito[1]] if dito else "interna"


def teste_as_falhas_escritas_sao_as_da_matriz() -> None:
    escritas = set(map(int, re.findall(r"^\| (\d+) \| ", prosa(FALHAS_MD), re.MULTILINE)))
    assert escritas - FORA_DA_MATRIZ == {int(nome.split()[0]) for nome in FALHAS}
    assert escritas >= FORA_DA_MATRIZ
