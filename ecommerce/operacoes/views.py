from __future__ import annotations

from rest_framework.mixins import ListModelMixin

from ecommerce.operacoes.models import Operacao
from ecommerce.operacoes.serializers import OperacaoSerializer
from ecommerce.transporte.rest.api.filtros import FiltroPorPedido
from ecommerce.transporte.rest.api.views import ServicoViewSet


class OperacaoViewSet(ListModelMixin, ServicoViewSet):
    """As operações que este serviço registrou."""

    queryset = Operacao.objects.all()
    serializer_class = OperacaoSerializer
    filterset_class = FiltroPorPedido
