from __future__ import annotations

from rest_framework.mixins import ListModelMixin

from ecommerce.operacoes.models import Operacao
from ecommerce.operacoes.serializers import OperacaoSerializer
from ecommerce.transporte.rest.views import ServicoViewSet


class OperacaoViewSet(ListModelMixin, ServicoViewSet):
    """O registro do que este serviço fez."""

    queryset = Operacao.objects.all()
    serializer_class = OperacaoSerializer
    filterset_fields = ["pedido_id", "trace_id"]
