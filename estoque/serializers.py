from __future__ import annotations

from rest_framework import serializers

from ecommerce.transporte.rest.api.campos import Estrito, Identificador, Inteiro
from ecommerce.transporte.rest.mensagens import (
    DesfazerSerializer,
    EnvioSerializer,
    NotaSerializer,
    SeparacaoSerializer,
)
from estoque.dominio import ENTRADA_MAXIMA


class SeparacaoFeitaSerializer(SeparacaoSerializer):
    """A separação e o que a cadeia fez depois dela."""

    nota_fiscal = NotaSerializer()
    envio = EnvioSerializer()


class LiberarSerializer(DesfazerSerializer):
    """De que pedido devolver as peças."""

    pedido_id = Identificador()


class EntradaSerializer(Estrito):
    """Quantas peças chegaram."""

    quantidade = Inteiro(min_value=1, max_value=ENTRADA_MAXIMA)


class SaldoSerializer(serializers.Serializer):
    produto_id = Identificador()
    disponivel = Inteiro(min_value=0)
    separado = Inteiro(min_value=0)
    entradas = Inteiro(min_value=0)
