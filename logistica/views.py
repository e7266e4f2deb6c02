"""REST da logística: cada método traduz, chama um caso de uso e traduz de volta."""

from __future__ import annotations

from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from ecommerce.transporte.rest.api.esquema import documentar
from ecommerce.transporte.rest.api.views import SemEntrada, ServicoViewSet, criado
from ecommerce.transporte.rest.mensagens import (
    DesfazerSerializer,
    EnvioSerializer,
    OrdemSerializer,
    andamento_para_json,
    ordem_de_json,
)
from logistica import casos_de_uso
from logistica.models import Envio
from logistica.serializers import EnvioAgendadoSerializer


class EnvioViewSet(ListModelMixin, ServicoViewSet):
    """Os envios, um por pedido."""

    queryset = Envio.objects.all()
    serializer_class = EnvioSerializer
    casos = dict.fromkeys(("list", "retrieve"), casos_de_uso.consultar_envio)
    filterset_fields = ["status", "codigo_rastreamento"]
    entradas = {"create": OrdemSerializer, "cancelar": DesfazerSerializer, "entregar": SemEntrada}

    @documentar(
        resumo="Agenda o envio",
        entrada=OrdemSerializer,
        resposta=EnvioAgendadoSerializer,
        status=[201],
        erros=[409, 422],
    )
    def create(self, request: Request) -> Response:
        ordem = ordem_de_json(request.data)
        andamento = casos_de_uso.agendar_envio(ordem=ordem)
        return criado(andamento_para_json("logistica", andamento), f"/envios/{ordem.pedido_id}")

    @documentar(resumo="Consulta o envio de um pedido", resposta=EnvioSerializer)
    def retrieve(self, request: Request, pk: int) -> Response:
        return Response(vars(casos_de_uso.consultar_envio(pedido_id=pk)))

    @documentar(
        resumo="Cancela o envio", entrada=DesfazerSerializer, resposta=EnvioSerializer, erros=[409]
    )
    @action(detail=True, methods=["post"])
    def cancelar(self, request: Request, pk: int) -> Response:
        return Response(
            vars(casos_de_uso.cancelar_envio(pedido_id=pk, **self.ler().validated_data))
        )

    @documentar(resumo="Marca o envio como entregue", resposta=EnvioSerializer, erros=[409])
    @action(detail=True, methods=["post"])
    def entregar(self, request: Request, pk: int) -> Response:
        return Response(vars(casos_de_uso.entregar_envio(pedido_id=pk)))
