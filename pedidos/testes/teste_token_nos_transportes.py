"""O token do cartão, o texto que quem compra manda: o mesmo por REST e por gRPC."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st
from rest_framework.exceptions import ValidationError

from ecommerce.contratos.pedido_pb2 import CriarPedidoRequest, ItemNovo
from ecommerce.erros import EntradaInvalida
from ecommerce.transporte.rest.erros import achatar
from pedidos.casos_de_uso import NovoPedido
from pedidos.serializers import novo_pedido_de_json
from pedidos.servicer import novo_pedido_de_proto


def desfecho(ler: Callable[[Any], NovoPedido], entrada: Any) -> tuple[NovoPedido, str] | set[str]:
    """O pedido com a sua impressão, que a chave de idempotência compara, ou os campos recusados."""
    try:
        novo = ler(entrada)
    except ValidationError as erro:
        return set(achatar(erro.detail))
    except EntradaInvalida as erro:
        return set(erro.erros)
    return novo, novo.impressao


def por_rest(token: str) -> tuple[NovoPedido, str] | set[str]:
    item = {"produto_id": 1, "quantidade": 2}
    corpo = {"cliente_id": 1, "itens": [item], "metodo": "cartao_credito"}
    return desfecho(novo_pedido_de_json, corpo | {"cartao": {"token": token}})


def por_grpc(token: str) -> tuple[NovoPedido, str] | set[str]:
    requisicao = CriarPedidoRequest(
        cliente_id=1,
        itens=[ItemNovo(produto_id=1, quantidade=2)],
        metodo="cartao_credito",
        token_cartao=token,
    )
    enviada = requisicao.SerializeToString()
    return desfecho(novo_pedido_de_proto, CriarPedidoRequest.FromString(enviada))


@given(st.text(max_size=80))
@example(" tok_aprovado ")
@example("\u2003tok\x1f")
@example("e\u0301" * 64)
@example("e\u0301" * 65)
@example(" " * 70 + "t" * 64)
@example("t" * 65)
@example(" ")
@example("")
@example("\0")
def teste_o_mesmo_token_da_no_mesmo(token: str) -> None:
    assert por_rest(token) == por_grpc(token)


def teste_espacos_em_volta_nao_sao_do_token() -> None:
    for porta in (por_rest, por_grpc):
        assert porta(" tok_aprovado ") == porta("tok_aprovado")
        assert porta(" ") == porta("") == porta("t\0") == porta("t" * 65) == {"cartao.token"}
