"""Ler a ordem sem o serializer dá sempre o que o serializer daria."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.exceptions import ValidationError

from ecommerce.erros import EntradaInvalida
from ecommerce.mensagens import Ordem
from ecommerce.transporte.rest import mensagens
from ecommerce.transporte.rest.mensagens import OrdemSerializer, ordem_de_json

ITEM = {"produto_id": 1, "nome": "Caneca", "quantidade": 2, "preco_unitario": "61.70"}
CORPO = {
    "pedido_id": 101,
    "cliente": {"id": 1, "nome": "Ana Souza", "email": "ana@exemplo.com"},
    "metodo": "pix",
    "token_cartao": None,
    "valor_total": "123.40",
    "itens": [ITEM],
}
SEM_TOKEN = {campo: valor for campo, valor in CORPO.items() if campo != "token_cartao"}
TORTOS = [
    SEM_TOKEN,
    CORPO | {"sobra": 1},
    CORPO | {"pedido_id": True},
    CORPO | {"pedido_id": "101"},
    CORPO | {"pedido_id": 2**63},
    CORPO | {"cliente": {"id": 1, "nome": " Ana ", "email": "ana@exemplo.com"}},
    CORPO | {"cliente": {"id": 1, "nome": "", "email": "a\0@exemplo.com"}},
    CORPO | {"cliente": {"id": 1, "nome": "Ana"}},
    CORPO | {"cliente": None},
    CORPO | {"metodo": "dinheiro", "token_cartao": "tok_aprovado"},
    CORPO | {"token_cartao": "tok_aprovado"},
    CORPO | {"metodo": "cartao_credito", "token_cartao": " tok_aprovado"},
    CORPO | {"valor_total": "123.4"},
    CORPO | {"valor_total": "0123.40"},
    CORPO | {"valor_total": "123.41"},
    CORPO | {"valor_total": 123.4},
    CORPO | {"valor_total": "0.00", "itens": [ITEM | {"preco_unitario": "0.00"}]},
    CORPO | {"itens": [ITEM | {"preco_unitario": "1e2"}]},
    CORPO | {"itens": [ITEM | {"quantidade": 0}]},
    CORPO | {"itens": [ITEM, ITEM]},
    CORPO | {"itens": []},
    CORPO | {"itens": {"produto_id": 1}},
    CORPO | {"itens": "1"},
    [CORPO],
    None,
]


def pelo_serializer(dados: Any) -> Ordem:
    serializer = OrdemSerializer(data=dados)
    serializer.is_valid(raise_exception=True)
    return serializer.para_ordem()


def desfecho(ler: Any, dados: Any) -> Any:
    """A ordem lida com a sua impressão, ou os erros."""
    try:
        ordem = ler(dados)
    except ValidationError as erro:
        return erro.detail
    except EntradaInvalida as erro:
        return erro.erros
    return ordem, ordem.impressao


@pytest.mark.parametrize("dados", [CORPO, *TORTOS], ids=str)
def teste_com_ou_sem_serializer_o_desfecho_e_o_mesmo(dados: Any) -> None:
    assert desfecho(ordem_de_json, dados) == desfecho(pelo_serializer, dados)


def teste_o_corpo_que_os_servicos_mandam_dispensa_o_serializer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    esperada = pelo_serializer(CORPO)
    monkeypatch.delattr(mensagens, "OrdemSerializer")
    assert ordem_de_json(CORPO) == esperada
