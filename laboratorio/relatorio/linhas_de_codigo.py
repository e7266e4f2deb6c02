"""Quantas linhas de código cada transporte custou; sem as em branco, comentários e docstrings."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterable
from pathlib import Path

from ecommerce.servicos import SERVICOS
from laboratorio.sistema.processos import RAIZ

Contagem = dict[str, dict[str, int]]

# parte -> padrões, dos mais particulares aos mais gerais; um arquivo conta só uma vez
_LISTAS = (
    "ecommerce/transporte/rest/paginas/*.py",
    *(
        f"ecommerce/transporte/rest/api/{nome}.py"
        for nome in ("filtros", "esquema", "paginacao", "leitor")
    ),
)
PARTES: dict[str, dict[str, tuple[str, ...]]] = {
    "comum": {
        "domínio e casos de uso": ("*/dominio.py", "*/casos_de_uso.py", "pedidos/saga.py"),
        "tabelas": ("*/models.py",),
        "o que os serviços dividem": ("ecommerce/*.py", "ecommerce/transporte/*.py"),
    },
    "rest": {
        "contrato": (),
        "portas dos serviços": ("*/views.py", "*/serializers.py", "*/urls.py"),
        "processo": (
            "ecommerce/urls.py",
            "ecommerce/wsgi.py",
            "ecommerce/partida/gunicorn_conf.py",
        ),
        "vizinhos": ("*/vizinhos/rest.py",),
        "listas, formulários e OpenAPI": _LISTAS,
        "adaptador": ("ecommerce/transporte/rest/*.py", "ecommerce/transporte/rest/*/*.py"),
    },
    "grpc": {
        "contrato": ("ecommerce/contratos/*.proto",),
        "portas dos serviços": ("*/servicer.py",),
        "processo": ("ecommerce/management/commands/servir_grpc.py",),
        "vizinhos": ("*/vizinhos/grpc.py",),
        "listas, formulários e OpenAPI": (),
        "adaptador": ("ecommerce/transporte/grpc/*.py",),
        "gerado pelo protoc": ("ecommerce/contratos/*_pb2*.py", "ecommerce/contratos/*.pyi"),
    },
    "receita": {
        "passos e bancos": tuple(f"laboratorio/receita/{n}.py" for n in ("passos", "banco")),
    },
    "receita-rest": {"servidores e clientes": ("laboratorio/receita/rest.py",)},
    "receita-grpc": {
        "contrato": ("laboratorio/receita/*.proto",),
        "servidores e clientes": ("laboratorio/receita/rpc.py",),
    },
}


def contar() -> dict[str, Contagem]:
    """De cada transporte, por parte: `arquivos` e `linhas`."""
    contagens: dict[str, Contagem] = {}
    contados: set[Path] = set()
    # o comum por último: é o que sobra de `ecommerce/`
    for nome in sorted(PARTES, key="comum".__eq__):
        contagens[nome] = {}
        for parte, padroes in PARTES[nome].items():
            arquivos = [c for c in _arquivos(padroes) if c not in contados]
            contados.update(arquivos)
            linhas = sum(map(linhas_de, arquivos))
            contagens[nome][parte] = {"arquivos": len(arquivos), "linhas": linhas}
    return contagens


def linhas_de(arquivo: Path) -> int:
    """As linhas que têm código; num .proto, as que não são só comentário."""
    texto = arquivo.read_text(encoding="utf-8")
    if arquivo.suffix == ".proto":
        return sum(
            bool(li.strip()) and not li.strip().startswith("//") for li in texto.splitlines()
        )
    return len(_com_codigo(texto))


def _arquivos(padroes: Iterable[str]) -> list[Path]:
    """Os arquivos que casam; `*/` são as pastas dos serviços."""
    achados: set[Path] = set()
    for padrao in padroes:
        pastas = SERVICOS if padrao.startswith("*/") else ("",)
        for pasta in pastas:
            achados.update((RAIZ / pasta).glob(padrao.removeprefix("*/")))
    return sorted(achados)


def _com_codigo(texto: str) -> set[int]:
    mudos = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}
    mudos |= {tokenize.ENDMARKER, tokenize.ENCODING}
    linhas: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(texto).readline):
        if token.type not in mudos:
            linhas.update(range(token.start[0], token.end[0] + 1))
    return linhas - _de_docstrings(texto)


def _de_docstrings(texto: str) -> set[int]:
    """As linhas de textos soltos, que não fazem nada além de explicar."""
    return {
        linha
        for no in ast.walk(ast.parse(texto))
        if isinstance(no, ast.Expr) and isinstance(no.value, ast.Constant)
        for linha in range(no.lineno, (no.end_lineno or no.lineno) + 1)
    }
