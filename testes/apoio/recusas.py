"""Como se pergunta com entrada torta e se confere a recusa; `nada_gravado` é uma fixture."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
import requests

from ecommerce.servicos import SERVICOS
from laboratorio.sistema.processos import Sistema

PEDIDO: dict[str, Any] = {
    "cliente_id": 1,
    "itens": [{"produto_id": 1, "quantidade": 2}],
    "metodo": "pix",
}
ORDEM: dict[str, Any] = {
    "pedido_id": 700_001,
    "cliente": {"id": 1, "nome": "Ana Souza", "email": "ana@exemplo.com"},
    "metodo": "pix",
    "token_cartao": None,
    "valor_total": "20.00",
    "itens": [{"produto_id": 1, "nome": "Caneca", "quantidade": 2, "preco_unitario": "10.00"}],
}
CADEIA = [
    ("pagamentos", "/pagamentos"),
    ("estoque", "/estoque/separar"),
    ("fiscal", "/notas"),
    ("logistica", "/envios"),
]
COM_CORPO = [
    *CADEIA,
    ("pedidos", "/pedidos"),
    ("pedidos", "/clientes"),
    ("estoque", "/estoque/liberar"),
    ("estoque", "/estoque/1/entrada"),
]

NAO_SAO_JSON = {
    "vazio de todo": b" ",
    "cortado": b'{"cliente_id": 1,',
    "NaN": b'{"cliente_id": NaN}',
    "Infinity": b'{"cliente_id": Infinity}',
    "1e400": b'{"cliente_id": 1e400}',
    "UTF-8 quebrado": b'{"metodo": "p\xffx"}',
    "UTF-8 com BOM": b"\xef\xbb\xbf{}",
    "UTF-16": '{"metodo": "pix"}'.encode("utf-16"),
    "meio par Unicode": b'{"metodo": "\\ud800"}',
    "100 mil listas": b"[" * 100_000,
    "mil listas": b"[" * 1_020 + b"]" * 1_020,
    "1 e 400 zeros": b'{"cliente_id": 1' + b"0" * 400 + b"}",
    "nome repetido": b'{"cliente_id": 1, "cliente_id": 2}',
    "nome repetido no fundo": b'{"itens": [{"quantidade": 1, "quantidade": 2}]}',
}


@pytest.fixture
def nada_gravado(sistema: Sistema) -> Iterator[None]:
    """Falha se o teste muda qualquer linha de qualquer banco."""
    antes = retrato_dos_bancos(sistema)
    yield
    assert retrato_dos_bancos(sistema) == antes


def retrato_dos_bancos(sistema: Sistema) -> dict[str, list[Any]]:
    retrato = {}
    for nome in (nome for servico in SERVICOS.values() for nome in servico.bancos.values()):
        endereco = f"{(sistema.pasta / f'{nome}.db').as_uri()}?mode=ro"
        with closing(sqlite3.connect(endereco, uri=True)) as banco:
            tabelas = banco.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table'"
                " AND (name LIKE ? OR name LIKE 'operacoes%') ORDER BY name",
                (f"{nome}%",),
            ).fetchall()
            for (tabela,) in tabelas:
                linhas = banco.execute(f"SELECT * FROM {tabela}").fetchall()  # noqa: S608
                retrato[f"{nome}.{tabela}"] = linhas
    return retrato


def postar(sistema: Sistema, servico: str, caminho: str, **opcoes: Any) -> requests.Response:
    return sistema.pedir("POST", servico, caminho, chave="interna", **opcoes)


def problema(resposta: requests.Response, status: int, codigo: str) -> dict[str, Any]:
    """O problema da resposta, que tem de ser este e estar completo."""
    assert resposta.status_code == status, resposta.text[:500]
    assert resposta.headers["Content-Type"] == "application/problem+json"
    corpo: dict[str, Any] = resposta.json()
    assert (corpo["status"], corpo["codigo"]) == (status, codigo)
    assert corpo["type"] and corpo["title"] and corpo["detail"]
    return corpo


def pagina_de_erro(tipo: str, pagina: str, status: int, codigo: str) -> str:
    """O HTML da página de erro, que tem de ser esta, em português, e dizer o que fazer."""
    assert tipo == "text/html; charset=utf-8", pagina[:500]
    assert '<html lang="pt-BR">' in pagina
    assert f"<dd>{status}</dd>" in pagina and f"<code>{codigo}</code>" in pagina, pagina
    assert len(re.findall("<h1>[^<]+</h1>", pagina)) == 1
    assert '<a href="/">Início</a>' in pagina
    assert ('href="/admin/login/?next=/' in pagina) == (status in (401, 403))
    texto = re.sub("<[^>]+>", " ", pagina)
    assert not re.search(r"\b(Bearer|Error|Forbidden|Not Found|Bad Request|Traceback)\b", texto), (
        texto
    )
    return pagina


def campos_recusados(resposta: requests.Response) -> set[str]:
    erros = problema(resposta, 400, "entrada_invalida")["erros"]
    assert all(isinstance(m, str) and m for mensagens in erros.values() for m in mensagens)
    return set(erros)


def com(corpo: dict[str, Any], caminho: str, valor: Any) -> dict[str, Any]:
    """Uma cópia do corpo com `valor` em `caminho` (`itens.0.quantidade`)."""
    copia = json.loads(json.dumps(corpo))
    *partes, ultima = [int(p) if p.isdigit() else p for p in caminho.split(".")]
    alvo = copia
    for parte in partes:
        alvo = alvo[parte]
    alvo[ultima] = valor
    return copia
