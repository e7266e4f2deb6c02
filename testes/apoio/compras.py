"""Comprar e ver o que ficou: o que os testes do checkout por REST têm em comum."""

from __future__ import annotations

from typing import Any

import requests

from ecommerce.servicos import LISTAS
from laboratorio.sistema.processos import Sistema

# onde cada serviço da cadeia mostra o que tem de um pedido
RECURSOS = {servico: lista.removeprefix("/") for servico, lista in LISTAS.items()}
# o status de um pedido em cada um deles, quando tudo deu certo
ENVIADO = {
    "pedidos": "enviado",
    "pagamentos": "aprovado",
    "estoque": "separado",
    "fiscal": "emitida",
    "logistica": "aguardando_envio",
}


def corpo(produto_id: int = 1, quantidade: int = 1, **mudancas: Any) -> dict[str, Any]:
    itens = [{"produto_id": produto_id, "quantidade": quantidade}]
    return {"cliente_id": 1, "itens": itens, "metodo": "pix"} | mudancas


def comprar(
    sistema: Sistema, pedido: dict[str, Any], chave: str | None = None
) -> requests.Response:
    cabecalhos = {"Idempotency-Key": chave} if chave else {}
    return sistema.pedir("POST", "pedidos", "/pedidos", json=pedido, headers=cabecalhos)


def por_pedido(sistema: Sistema, pedido_id: int) -> dict[str, str]:
    """O status do pedido em cada serviço, `-` onde ele nunca chegou."""
    status = {}
    for servico, recurso in RECURSOS.items():
        resposta = sistema.pedir("GET", servico, f"/{recurso}/{pedido_id}", chave="interna")
        assert resposta.status_code in (200, 404)
        status[servico] = resposta.json()["status"] if resposta.ok else "-"
    return status


def produto_com(sistema: Sistema, produto_id: int, quantidade: int) -> int:
    """Um produto do catálogo que passa a ter exatamente `quantidade` peças disponíveis."""
    saldo = sistema.ler("estoque", f"/estoque/{produto_id}")
    while saldo["disponivel"] > 0:
        pecas = min(saldo["disponivel"], 1000)
        assert comprar(sistema, corpo(produto_id, pecas)).status_code == 201
        saldo = sistema.ler("estoque", f"/estoque/{produto_id}")
    entrada = {"quantidade": quantidade}
    caminho = f"/estoque/{produto_id}/entrada"
    resposta = sistema.pedir("POST", "estoque", caminho, chave="interna", json=entrada)
    assert resposta.json()["disponivel"] == quantidade
    return produto_id


def abastecer(sistema: Sistema, *produtos: int) -> None:
    for produto_id in produtos:
        caminho = f"/estoque/{produto_id}/entrada"
        sistema.pedir("POST", "estoque", caminho, chave="interna", json={"quantidade": 1000})
