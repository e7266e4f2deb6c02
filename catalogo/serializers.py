from __future__ import annotations

from rest_framework import serializers

from ecommerce.mensagens import ITENS_MAXIMO
from ecommerce.transporte.rest.campos import Dinheiro, Identificador, Inteiro, Texto


class ProdutoSerializer(serializers.Serializer):
    id = Identificador()
    nome = Texto()
    estoque = Inteiro(min_value=0)
    preco = Dinheiro()


class PrecoSerializer(serializers.Serializer):
    id = Identificador()
    nome = Texto()
    preco = Dinheiro()


class ConsultaDePrecos(serializers.Serializer):
    """Os parâmetros da consulta de preços."""

    id = serializers.ListField(
        child=Identificador(), min_length=1, max_length=ITENS_MAXIMO, help_text="Ids dos produtos."
    )
