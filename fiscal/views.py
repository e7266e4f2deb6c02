"""REST do fiscal: cada método traduz, chama um caso de uso e traduz de volta."""

from __future__ import annotations

from django_filters import rest_framework as filtros
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from ecommerce.transporte.rest.api.esquema import documentar
from ecommerce.transporte.rest.api.filtros import FiltroDeId
from ecommerce.transporte.rest.api.views import ServicoViewSet, criado
from ecommerce.transporte.rest.mensagens import (
    DesfazerSerializer,
    NotaSerializer,
    OrdemSerializer,
    andamento_para_json,
    ordem_de_json,
)
from fiscal import casos_de_uso
from fiscal.models import Nota
from fiscal.serializers import NotaEmitidaSerializer
from fiscal.vizinhos.rest import LogisticaPorRest

logistica = LogisticaPorRest()


class FiltroDeNotas(filtros.FilterSet):
    numero = FiltroDeId()

    class Meta:
        model = Nota
        fields = ["status", "chave_acesso"]


class NotaViewSet(ListModelMixin, ServicoViewSet):
    """As notas fiscais, uma por pedido."""

    queryset = Nota.objects.all()
    serializer_class = NotaSerializer
    casos = dict.fromkeys(("list", "retrieve"), casos_de_uso.consultar_nota)
    filterset_class = FiltroDeNotas
    entradas = {"create": OrdemSerializer, "cancelar": DesfazerSerializer}

    @documentar(
        resumo="Emite a nota e segue a cadeia",
        entrada=OrdemSerializer,
        resposta=NotaEmitidaSerializer,
        status=[201],
        erros=[409, 422, 504],
    )
    def create(self, request: Request) -> Response:
        ordem = ordem_de_json(request.data)
        andamento = casos_de_uso.emitir_nota(ordem=ordem, logistica=logistica)
        return criado(andamento_para_json("fiscal", andamento), f"/notas/{ordem.pedido_id}")

    @documentar(resumo="Consulta a nota de um pedido", resposta=NotaSerializer)
    def retrieve(self, request: Request, pk: int) -> Response:
        return Response(vars(casos_de_uso.consultar_nota(pedido_id=pk)))

    @documentar(
        resumo="Cancela o envio e a nota",
        entrada=DesfazerSerializer,
        resposta=NotaSerializer,
        erros=[409, 504],
    )
    @action(detail=True, methods=["post"])
    def cancelar(self, request: Request, pk: int) -> Response:
        linha = casos_de_uso.cancelar_nota(
            pedido_id=pk, **self.ler().validated_data, logistica=logistica
        )
        return Response(vars(linha))
