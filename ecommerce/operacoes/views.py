from __future__ import annotations

from django_filters import rest_framework as filtros
from rest_framework.mixins import ListModelMixin

from ecommerce.operacoes.models import Operacao
from ecommerce.operacoes.registro import listar_operacoes
from ecommerce.operacoes.serializers import OperacaoSerializer
from ecommerce.transporte.rest.api.filtros import FiltroDeId
from ecommerce.transporte.rest.api.views import ServicoViewSet


class FiltroDeOperacoes(filtros.FilterSet):
    pedido_id = FiltroDeId()

    class Meta:
        model = Operacao
        fields: list[str] = []


class OperacaoViewSet(ListModelMixin, ServicoViewSet):
    """As operações que este serviço registrou."""

    queryset = listar_operacoes()
    casos = {"list": listar_operacoes}
    serializer_class = OperacaoSerializer
    filterset_class = FiltroDeOperacoes
