"""Filtros das listas, tão estritos quanto os campos."""

from __future__ import annotations

from typing import Any

from django import forms
from django_filters import rest_framework as filtros
from drf_spectacular.utils import extend_schema_field

from ecommerce.mensagens import ID_MAXIMO
from ecommerce.transporte.rest.api.esquema import ID


@extend_schema_field(ID)
class FiltroDeId(filtros.NumberFilter):
    """Um inteiro positivo de 64 bits; o filtro numérico comum aceitaria frações."""

    field_class = forms.IntegerField

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=ID_MAXIMO, **kwargs)


class FiltroPorPedido(filtros.FilterSet):
    """As linhas de um pedido."""

    pedido_id = FiltroDeId()
