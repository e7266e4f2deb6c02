"""Cada campo, página ou filtro torto é apontado pelo seu caminho (docs/falhas.md, 11)."""

from __future__ import annotations

from typing import Any

import pytest

from laboratorio.sistema.processos import Sistema
from testes.apoio.recusas import CADEIA, ORDEM, PEDIDO, campos_recusados, com, nada_gravado, postar

__all__ = ["nada_gravado"]  # a fixture


@pytest.mark.parametrize(
    ("caminho", "valor", "campo"),
    [
        ("preco", "0.01", "preco"),
        ("valor_total", "0.01", "valor_total"),
        ("itens.0.preco", "0.01", "itens[0].preco"),
        ("itens.0.preco_unitario", "0.01", "itens[0].preco_unitario"),
        ("cartao", {"token": "tok_aprovado", "numero": "4111"}, "cartao.numero"),
        ("__proto__", {}, "__proto__"),
        ("itens", [], "itens"),
        ("itens", [{"produto_id": n, "quantidade": 1} for n in range(1, 102)], "itens"),
        ("itens", [{"produto_id": 1, "quantidade": 1}] * 2, "itens[1].produto_id"),
        ("itens", {"produto_id": 1, "quantidade": 1}, "itens"),
        ("itens", "1", "itens"),
        ("itens", None, "itens"),
        ("itens.0", None, "itens[0]"),
        ("itens.0", 1, "itens[0]"),
        ("itens.0.produto_id", 0, "itens[0].produto_id"),
        ("itens.0.produto_id", "1", "itens[0].produto_id"),
        ("itens.0.produto_id", 2**63, "itens[0].produto_id"),
        ("cliente_id", True, "cliente_id"),
        ("cliente_id", 1.0, "cliente_id"),
        ("cliente_id", -1, "cliente_id"),
        ("cliente_id", 2**64, "cliente_id"),
        ("metodo", "dinheiro", "metodo"),
        ("metodo", "pix\0", "metodo"),
        ("metodo", ["pix"], "metodo"),
        ("metodo", None, "metodo"),
        ("cartao", {"token": "tok_aprovado"}, "cartao.token"),
        ("cartao", {}, "cartao.token"),
        ("cartao", {"token": ""}, "cartao.token"),
        ("cartao", {"token": 1}, "cartao.token"),
        ("cartao", {"token": "x" * 65}, "cartao.token"),
        ("cartao", {"token": "tok\0"}, "cartao.token"),
        ("cartao", "tok_aprovado", "cartao"),
    ],
)
@pytest.mark.usefixtures("nada_gravado")
def teste_pedido_com_um_campo_torto(sistema: Sistema, caminho: str, valor: Any, campo: str) -> None:
    resposta = postar(sistema, "pedidos", "/pedidos", json=com(PEDIDO, caminho, valor))
    assert campos_recusados(resposta) == {campo}


@pytest.mark.parametrize(
    ("caminho", "valor", "campo"),
    [
        ("sobra", 1, "sobra"),
        ("cliente.cpf", "1", "cliente.cpf"),
        ("itens.0.desconto", "1", "itens[0].desconto"),
        ("pedido_id", 0, "pedido_id"),
        ("pedido_id", "1", "pedido_id"),
        ("pedido_id", True, "pedido_id"),
        ("pedido_id", 2**63, "pedido_id"),
        ("pedido_id", 26 * 10**8, "pedido_id"),
        ("cliente", None, "cliente"),
        ("cliente.id", 1.5, "cliente.id"),
        ("cliente.nome", 7, "cliente.nome"),
        ("cliente.nome", "A\0na", "cliente.nome"),
        ("cliente.nome", "X", "cliente.nome"),
        ("cliente.nome", "Łukasz", "cliente.nome"),
        ("itens.0.nome", "Caneca – azul", "itens[0].nome"),
        ("cliente.email", "", "cliente.email"),
        ("metodo", "cheque", "metodo"),
        ("token_cartao", "tok_aprovado", "token_cartao"),
        ("token_cartao", 1, "token_cartao"),
        ("valor_total", 20.0, "valor_total"),
        ("valor_total", 20, "valor_total"),
        ("valor_total", "20.001", "valor_total"),
        ("valor_total", "-20.00", "valor_total"),
        ("valor_total", "2e1", "valor_total"),
        ("valor_total", "NaN", "valor_total"),
        ("valor_total", "Infinity", "valor_total"),
        ("valor_total", "２０.００", "valor_total"),
        ("valor_total", "20.00\n", "valor_total"),
        ("valor_total", "1" + "0" * 30, "valor_total"),
        ("valor_total", "19.99", "valor_total"),
        ("itens", [], "itens"),
        ("itens", [{**ORDEM["itens"][0], "produto_id": n} for n in range(1, 102)], "itens"),
        ("itens", ORDEM["itens"] * 2, "itens[1].produto_id"),
        ("itens.0.quantidade", 0, "itens[0].quantidade"),
        ("itens.0.quantidade", 1001, "itens[0].quantidade"),
        ("itens.0.quantidade", "2", "itens[0].quantidade"),
        ("itens.0.preco_unitario", "0.00", "itens[0].preco_unitario"),
        ("itens.0.preco_unitario", 10, "itens[0].preco_unitario"),
    ],
)
@pytest.mark.usefixtures("nada_gravado")
def teste_ordem_com_um_campo_torto_em_cada_passo_da_cadeia(
    sistema: Sistema, caminho: str, valor: Any, campo: str
) -> None:
    for servico, endereco in CADEIA:
        resposta = postar(sistema, servico, endereco, json=com(ORDEM, caminho, valor))
        assert campo in campos_recusados(resposta), endereco


DONOS = {
    "clientes": "pedidos",
    "pagamentos": "pagamentos",
    "estoque": "estoque",
    "notas": "fiscal",
    "envios": "logistica",
}


@pytest.mark.parametrize(
    ("endereco", "corpo", "campo"),
    [
        ("/estoque/liberar", {"pedido_id": 0}, "pedido_id"),
        ("/estoque/liberar", {"pedido_id": "1"}, "pedido_id"),
        ("/estoque/liberar", {"pedido_id": 2**63}, "pedido_id"),
        ("/estoque/liberar", {"pedido_id": 1, "itens": []}, "itens"),
        ("/estoque/liberar", {"pedido_id": 1, "impressao": "A" * 64}, "impressao"),
        ("/pagamentos/1/estornar", {"impressao": "a" * 63}, "impressao"),
        ("/pagamentos/1/estornar", {"pedido_id": 1}, "pedido_id"),
        ("/notas/1/cancelar", {"impressao": 1}, "impressao"),
        ("/envios/1/cancelar", {"impressao": ""}, "impressao"),
        ("/estoque/1/entrada", {"quantidade": 0}, "quantidade"),
        ("/estoque/1/entrada", {"quantidade": -5}, "quantidade"),
        ("/estoque/1/entrada", {"quantidade": 1.5}, "quantidade"),
        ("/estoque/1/entrada", {"quantidade": "5"}, "quantidade"),
        ("/estoque/1/entrada", {"quantidade": True}, "quantidade"),
        ("/estoque/1/entrada", {"quantidade": 2**63}, "quantidade"),
        ("/estoque/1/entrada", {"quantidade": 5, "disponivel": 9}, "disponivel"),
        ("/clientes", {"nome": "Ana", "email": "não é e-mail"}, "email"),
        ("/clientes", {"nome": "Ana", "email": 1}, "email"),
        ("/clientes", {"nome": "Ana", "email": "a" * 60 + "@exemplo.com"}, "email"),
        ("/clientes", {"nome": "A", "email": "curto@exemplo.com"}, "nome"),
        ("/clientes", {"nome": "A" * 61, "email": "longo@exemplo.com"}, "nome"),
        ("/clientes", {"nome": "An\0a", "email": "nul@exemplo.com"}, "nome"),
        ("/clientes", {"nome": "D’Ávila", "email": "aspa@exemplo.com"}, "nome"),
        ("/clientes", {"nome": "Iris", "email": "İris@exemplo.com"}, "email"),
        ("/clientes", {"nome": ["Ana"], "email": "lista@exemplo.com"}, "nome"),
        ("/clientes", {"nome": "Ana", "email": "a@exemplo.com", "id": 1}, "id"),
    ],
)
@pytest.mark.usefixtures("nada_gravado")
def teste_outros_corpos_com_um_campo_torto(
    sistema: Sistema, endereco: str, corpo: dict[str, Any], campo: str
) -> None:
    assert campos_recusados(
        postar(sistema, DONOS[endereco.split("/")[1]], endereco, json=corpo)
    ) == {campo}


@pytest.mark.parametrize(
    ("servico", "consulta", "campo"),
    [
        ("pedidos", "/pedidos?tamanho=0", "tamanho"),
        ("pedidos", "/pedidos?tamanho=501", "tamanho"),
        ("pedidos", "/pedidos?tamanho=" + "9" * 3000, "tamanho"),
        ("pedidos", "/pedidos?tamanho=dez", "tamanho"),
        ("pedidos", "/pedidos?tamanho=", "tamanho"),
        ("pedidos", "/pedidos?cursor=xyz", "cursor"),
        ("pedidos", "/pedidos?cursor=%00%ff", "cursor"),
        ("pedidos", "/pedidos?cursor=cD0xZTQwMA==", "cursor"),  # p=1e400
        ("pedidos", "/pedidos?cursor=cD0tMQ==", "cursor"),  # p=-1
        ("pedidos", "/pedidos?status=perdido", "status"),
        ("pedidos", "/pedidos?cliente_id=um", "cliente_id"),
        ("pedidos", "/pedidos?cliente_id=1.5", "cliente_id"),
        ("pedidos", "/pedidos?cliente_id=0", "cliente_id"),
        ("pedidos", "/pedidos?cliente_id=9223372036854775808", "cliente_id"),
        ("pedidos", "/pedidos?cliente_id=NaN", "cliente_id"),
        ("pedidos", "/operacoes?pedido_id=1e400", "pedido_id"),
        ("pagamentos", "/pagamentos?status=pago", "status"),
        ("pagamentos", "/pagamentos?metodo=%00", "metodo"),
        ("estoque", "/separacoes?status=x", "status"),
        ("fiscal", "/notas?numero=1.0e9", "numero"),
        ("logistica", "/envios?status=x", "status"),
        ("catalogo", "/precos", "id"),
        ("catalogo", "/precos?id=um", "id[0]"),
        ("catalogo", "/precos?id=1&id=9223372036854775808", "id[1]"),
        ("catalogo", "/precos?" + "&".join(f"id={n}" for n in range(1, 102)), "id"),
    ],
)
def teste_paginas_e_filtros_tortos(
    sistema: Sistema, servico: str, consulta: str, campo: str
) -> None:
    resposta = sistema.pedir("GET", servico, consulta, chave="interna")
    assert campos_recusados(resposta) == {campo}
