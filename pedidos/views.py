"""REST de pedidos: cada método traduz, chama um caso de uso e traduz de volta."""

from __future__ import annotations

from django.conf import settings
from django_filters import rest_framework as filtros
from drf_spectacular.utils import OpenApiParameter
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from ecommerce.transporte.rest.api.esquema import CHAVE, documentar
from ecommerce.transporte.rest.api.filtros import FiltroDeId
from ecommerce.transporte.rest.api.views import SemEntrada, ServicoViewSet, criado
from pedidos import casos_de_uso
from pedidos.dominio import Retrato
from pedidos.models import Cliente, Pedido
from pedidos.serializers import (
    ClienteSerializer,
    NovoClienteSerializer,
    NovoPedidoSerializer,
    PedidoSerializer,
    novo_pedido_de_json,
)
from pedidos.vizinhos.rest import CatalogoPorRest, LogisticaPorRest, PagamentosPorRest

catalogo, pagamentos, logistica = CatalogoPorRest(), PagamentosPorRest(), LogisticaPorRest()
_A_CAMINHO = OpenApiParameter(
    "Retry-After",
    int,
    OpenApiParameter.HEADER,
    response=[202],
    description="Segundos a esperar antes de consultar.",
)


def responder(retrato: Retrato, ao_terminar: int = 200) -> Response:
    """O pedido; com 201 e 202, onde ele fica, e com 202 quando olhar de novo."""
    endereco = {"Location": f"/pedidos/{retrato.id}"}
    if not retrato.terminado:
        espera = {"Retry-After": str(settings.RETOMAR_INTERVALO_S)}
        return Response(vars(retrato), 202, headers=endereco | espera)
    return Response(vars(retrato), ao_terminar, headers=endereco if ao_terminar == 201 else None)


class FiltroDePedidos(filtros.FilterSet):
    cliente_id = FiltroDeId()

    class Meta:
        model = Pedido
        fields = ["status"]


class PedidoViewSet(ListModelMixin, ServicoViewSet):
    """Os pedidos e o seu checkout."""

    queryset = Pedido.objects.prefetch_related("itens")
    serializer_class = PedidoSerializer
    filterset_class = FiltroDePedidos
    casos = {
        "create": casos_de_uso.criar_pedido,
        "list": casos_de_uso.consultar_pedido,
        "retrieve": casos_de_uso.consultar_pedido,
        "cancelar": casos_de_uso.cancelar_pedido,
        "retomar": casos_de_uso.retomar_pedido,
        "entregar": casos_de_uso.entregar_pedido,
    }
    entradas = {
        "create": NovoPedidoSerializer,
        "cancelar": SemEntrada,
        "retomar": SemEntrada,
        "entregar": SemEntrada,
    }

    @documentar(
        resumo="Faz o checkout",
        entrada=NovoPedidoSerializer,
        resposta=PedidoSerializer,
        status=[201, 202],
        erros=[409, 422, 504],
        parameters=[CHAVE, _A_CAMINHO],
    )
    def create(self, request: Request) -> Response:
        retrato = casos_de_uso.criar_pedido(
            novo=novo_pedido_de_json(request.data),
            chave=request.headers.get("Idempotency-Key"),
            catalogo=catalogo,
            pagamentos=pagamentos,
        )
        return responder(retrato, ao_terminar=201)

    @documentar(resumo="Consulta um pedido", resposta=PedidoSerializer)
    def retrieve(self, request: Request, pk: int) -> Response:
        return Response(vars(casos_de_uso.consultar_pedido(pedido_id=pk)))

    @documentar(
        resumo="Cancela o pedido e desfaz o que foi feito",
        resposta=PedidoSerializer,
        status=[200, 202],
        erros=[409],
        parameters=[_A_CAMINHO],
    )
    @action(detail=True, methods=["post"])
    def cancelar(self, request: Request, pk: int) -> Response:
        return responder(casos_de_uso.cancelar_pedido(pedido_id=pk, pagamentos=pagamentos))

    @documentar(
        resumo="Retoma um pedido inacabado",
        resposta=PedidoSerializer,
        status=[200, 202],
        parameters=[_A_CAMINHO],
    )
    @action(detail=True, methods=["post"])
    def retomar(self, request: Request, pk: int) -> Response:
        return responder(casos_de_uso.retomar_pedido(pedido_id=pk, pagamentos=pagamentos))

    @documentar(resumo="Marca como entregue", resposta=PedidoSerializer, erros=[409, 504])
    @action(detail=True, methods=["post"])
    def entregar(self, request: Request, pk: int) -> Response:
        return responder(casos_de_uso.entregar_pedido(pedido_id=pk, logistica=logistica))


class ClienteViewSet(ListModelMixin, ServicoViewSet):
    """Os clientes."""

    queryset = Cliente.objects.all()
    serializer_class = ClienteSerializer
    filter_backends = []
    casos = {
        "create": casos_de_uso.cadastrar_cliente,
        "list": casos_de_uso.consultar_cliente,
        "retrieve": casos_de_uso.consultar_cliente,
    }
    entradas = {"create": NovoClienteSerializer}

    @documentar(
        resumo="Cadastra um cliente",
        entrada=NovoClienteSerializer,
        resposta=ClienteSerializer,
        status=[201],
    )
    def create(self, request: Request) -> Response:
        cliente = casos_de_uso.cadastrar_cliente(**self.ler().validated_data)
        return criado(ClienteSerializer(cliente).data, f"/clientes/{cliente.pk}")

    @documentar(resumo="Consulta um cliente", resposta=ClienteSerializer)
    def retrieve(self, request: Request, pk: int) -> Response:
        cliente = casos_de_uso.consultar_cliente(cliente_id=pk)
        return Response(ClienteSerializer(cliente).data)
