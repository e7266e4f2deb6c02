from __future__ import annotations

from rest_framework.mixins import ListModelMixin

from ecommerce.operacoes.registro import listar_operacoes
from ecommerce.operacoes.serializers import OperacaoSerializer
from ecommerce.transporte.rest.api.filtros import FiltroPorPedido
from ecommerce.transporte.rest.api.views import ServicoViewSet


class OperacaoViewSet(ListModelMixin, ServicoViewSet):
    """As operações que este serviço registrou."""

    queryset = listar_operacoes()
    casos = {"list": listar_operacoes}
    serializer_class = OperacaoSerializer
    filterset_class = FiltroPorPedido
