"""Ler o pedido sem o serializer dá sempre o que o serializer daria."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.exceptions import ValidationError

from ecommerce.erros import EntradaInvalida
from pedidos.casos_de_uso import NovoPedido
from pedidos.serializers import NovoPedidoSerializer, novo_pedido_de_json

ITEM = {"produto_id": 1, "quantidade": 2}
CORPO = {"cliente_id": 1, "itens": [ITEM], "metodo": "pix"}
CARTAO = CORPO | {"metodo": "cartao_credito", "cartao": {"token": "tok_aprovado"}}
TORTOS = [
    CORPO | {"sobra": 1},
    CORPO | {"cartao": None},
    CORPO | {"cartao": {"token": "tok_aprovado"}},
    CARTAO | {"cartao": {}},
    CARTAO | {"cartao": {"token": " tok_aprovado "}},
    CARTAO | {"cartao": {"token": "tok_aprovado", "numero": "4111"}},
    CARTAO | {"cartao": "tok_aprovado"},
    CORPO | {"cliente_id": 1.0},
    CORPO | {"metodo": ["pix"]},
    CORPO | {"itens": [ITEM, ITEM]},
    CORPO | {"itens": [ITEM | {"preco": "1.00"}]},
    CORPO | {"itens": [ITEM | {"quantidade": "2"}]},
    CORPO | {"itens": [ITEM | {"quantidade": 1001}]},
    CORPO | {"itens": []},
    CORPO | {"itens": None},
    {},
    None,
]


def pelo_serializer(dados: Any) -> NovoPedido:
    serializer = NovoPedidoSerializer(data=dados)
    serializer.is_valid(raise_exception=True)
    return serializer.para_novo_pedido()


def desfecho(ler: Any, dados: Any) -> Any:
    try:
        return ler(dados)
    except ValidationError as erro:
        return erro.detail
    except EntradaInvalida as erro:
        return erro.erros


@pytest.mark.parametrize("dados", [CORPO, CARTAO, *TORTOS], ids=str)
def teste_com_ou_sem_serializer_o_desfecho_e_o_mesmo(dados: Any) -> None:
    assert desfecho(novo_pedido_de_json, dados) == desfecho(pelo_serializer, dados)


def teste_o_pedido_exato_dispensa_o_serializer(monkeypatch: pytest.MonkeyPatch) -> None:
    def montar(*_: Any, **__: Any) -> None:
        pytest.fail("o serializer custa 0,4 ms, e este corpo não precisa dele")

    monkeypatch.setattr(NovoPedidoSerializer, "__init__", montar)
    assert novo_pedido_de_json(CORPO) == NovoPedido(1, ((1, 2),), "pix", None)
    assert novo_pedido_de_json(CARTAO).token_cartao == "tok_aprovado"
