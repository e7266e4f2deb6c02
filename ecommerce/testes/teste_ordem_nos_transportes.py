"""A mesma ordem por REST e por gRPC: aceita ou recusada igual, e igual do outro lado do fio."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.exceptions import ValidationError

from ecommerce.contratos.cadeia_pb2 import Cliente as ClienteProto
from ecommerce.contratos.cadeia_pb2 import Item as ItemProto
from ecommerce.contratos.cadeia_pb2 import Ordem as OrdemProto
from ecommerce.dinheiro import de_centavos
from ecommerce.erros import EntradaInvalida
from ecommerce.mensagens import ID_MAXIMO, PEDIDO_MAXIMO, Cliente, Item, Ordem
from ecommerce.transporte.grpc.mensagens import ordem_de_proto, ordem_para_proto
from ecommerce.transporte.rest.erros import achatar
from ecommerce.transporte.rest.mensagens import ordem_de_json, ordem_para_json

CAMPOS = ["cliente.nome", "cliente.email", "itens[0].nome", "token_cartao", "metodo"]
# em volta de um texto que serve, o que cada transporte poderia tratar de outro jeito
TORTOS = ["", " ", "\0", "\t", "\n", "\x1f", "\x7f", "\x85", "\xa0", "\u0301", "\u2003", "ł", "😀"]
textos = st.text(max_size=130) | st.builds(
    "{}{}{}".format,
    st.sampled_from(TORTOS),
    st.sampled_from(["Ana", "a" * 60, "e\u0301" * 60, "x" * 120, "e\u0301" * 120, "pix"]),
    st.sampled_from(TORTOS),
)


def em_json(campo: str, texto: str) -> Any:
    """O corpo de uma ordem com `texto` em `campo`, depois de passar pelo fio."""
    corpo: dict[str, Any] = {
        "pedido_id": 101,
        "cliente": {"id": 1, "nome": "Ana Souza", "email": "ana@exemplo.com"},
        "metodo": "cartao_credito",
        "token_cartao": "tok_aprovado",
        "valor_total": "123.40",
        "itens": [{"produto_id": 1, "nome": "Caneca", "quantidade": 2, "preco_unitario": "61.70"}],
    }
    *dentro, ultimo = campo.replace("itens[0]", "itens.0").split(".")
    alvo: Any = corpo
    for parte in dentro:
        alvo = alvo[int(parte) if parte.isdigit() else parte]
    alvo[ultimo] = texto
    return orjson.loads(json.dumps(corpo))


def em_proto(corpo: Any) -> Any:
    """O mesmo corpo na mensagem gRPC, depois de passar pelo fio."""
    item = corpo["itens"][0]
    mensagem = OrdemProto(
        pedido_id=corpo["pedido_id"],
        cliente=ClienteProto(**corpo["cliente"]),
        metodo=corpo["metodo"],
        token_cartao=corpo["token_cartao"],
        valor_total_centavos=12340,
        itens=[
            ItemProto(
                produto_id=item["produto_id"],
                nome=item["nome"],
                quantidade=item["quantidade"],
                preco_unitario_centavos=6170,
            )
        ],
    )
    return OrdemProto.FromString(mensagem.SerializeToString())


def desfecho(ler: Callable[[Any], Ordem], entrada: Any) -> Ordem | set[str]:
    try:
        return ler(entrada)
    except ValidationError as erro:
        return set(achatar(erro.detail))
    except EntradaInvalida as erro:
        return set(erro.erros)


@pytest.mark.parametrize("campo", CAMPOS)
@given(texto=textos)
def teste_um_texto_da_no_mesmo_por_rest_e_por_grpc(campo: str, texto: str) -> None:
    corpo = em_json(campo, texto)
    por_rest, por_grpc = desfecho(ordem_de_json, corpo), desfecho(ordem_de_proto, em_proto(corpo))
    assert por_rest == por_grpc
    # com outro método, é o token que sobra
    assert isinstance(por_rest, Ordem) or por_rest <= {campo, "token_cartao"}


ids = st.sampled_from([1, 2**31 - 1, 2**31, 2**53 + 1, ID_MAXIMO]) | st.integers(1, ID_MAXIMO)
nomes = st.text(st.characters(min_codepoint=0xA1, max_codepoint=0xFF), min_size=2, max_size=60)
itens = st.builds(
    Item,
    st.just(0),
    nomes | st.just("x" * 120),
    st.integers(1, 1000),
    st.integers(1, 10**7).map(de_centavos),
)


@st.composite
def ordens(sortear: st.DrawFn) -> Ordem:
    """Ordens que se aceitam, com ids, preços e textos até os extremos."""
    produtos = sortear(st.lists(ids, min_size=1, max_size=10, unique=True))
    comprados = tuple(
        Item(produto, item.nome, item.quantidade, item.preco_unitario)
        for produto, item in ((produto, sortear(itens)) for produto in produtos)
    )
    total = sum((i.preco_unitario * i.quantidade for i in comprados), Decimal(0))
    return Ordem(
        sortear(st.integers(1, PEDIDO_MAXIMO)),
        Cliente(sortear(ids), sortear(nomes), "a" * 48 + "@exemplo.com"),
        "cartao_credito",
        sortear(st.none() | st.just("é" * 64)),
        total,
        comprados,
    )


@given(ordens())
def teste_a_ordem_aceita_chega_igual_ao_outro_lado(ordem: Ordem) -> None:
    mensagem = ordem_para_proto(ordem, OrdemProto).SerializeToString()
    assert ordem_de_proto(OrdemProto.FromString(mensagem)) == ordem
    corpo = orjson.dumps(ordem_para_json(ordem), default=str)
    assert ordem_de_json(orjson.loads(corpo)) == ordem
