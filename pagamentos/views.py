"""REST de pagamentos: cada método traduz, chama um caso de uso e traduz de volta."""

from __future__ import annotations

from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from ecommerce.transporte.rest.api.esquema import documentar
from ecommerce.transporte.rest.api.filtros import FiltroPorPedido
from ecommerce.transporte.rest.api.paginacao import PaginaPorCursor
from ecommerce.transporte.rest.api.views import ServicoViewSet, criado
from ecommerce.transporte.rest.mensagens import (
    DesfazerSerializer,
    OrdemSerializer,
    PagamentoSerializer,
    andamento_para_json,
    ordem_de_json,
)
from pagamentos import casos_de_uso
from pagamentos.models import Pagamento
from pagamentos.operadora.models import Lancamento
from pagamentos.serializers import LancamentoSerializer, PagamentoFeitoSerializer
from pagamentos.vizinhos.rest import EstoquePorRest

estoque = EstoquePorRest()


class PagamentoViewSet(ListModelMixin, ServicoViewSet):
    """Os pagamentos, um por pedido."""

    queryset = Pagamento.objects.all()
    serializer_class = PagamentoSerializer
    casos = dict.fromkeys(("list", "retrieve"), casos_de_uso.consultar_pagamento)
    filterset_fields = ["status", "metodo"]
    entradas = {"create": OrdemSerializer, "estornar": DesfazerSerializer}

    @documentar(
        resumo="Processa o pagamento e segue a cadeia",
        entrada=OrdemSerializer,
        resposta=PagamentoFeitoSerializer,
        status=[201],
        erros=[409, 422, 504],
    )
    def create(self, request: Request) -> Response:
        ordem = ordem_de_json(request.data)
        andamento = casos_de_uso.processar_pagamento(ordem=ordem, estoque=estoque)
        return criado(
            andamento_para_json("pagamentos", andamento), f"/pagamentos/{ordem.pedido_id}"
        )

    @documentar(resumo="Consulta o pagamento de um pedido", resposta=PagamentoSerializer)
    def retrieve(self, request: Request, pk: int) -> Response:
        return Response(vars(casos_de_uso.consultar_pagamento(pedido_id=pk)))

    @documentar(
        resumo="Desfaz os passos seguintes e estorna o pagamento",
        entrada=DesfazerSerializer,
        resposta=PagamentoSerializer,
        erros=[409, 504],
    )
    @action(detail=True, methods=["post"])
    def estornar(self, request: Request, pk: int) -> Response:
        linha = casos_de_uso.estornar_pagamento(
            pedido_id=pk, **self.ler().validated_data, estoque=estoque
        )
        return Response(vars(linha))


class PaginaPorPedido(PaginaPorCursor):
    """Os lançamentos de um pedido vêm juntos, o último primeiro."""

    ordering = ("-pedido_id", "-tipo")


class LancamentoViewSet(ListModelMixin, ServicoViewSet):
    """O caderno da operadora simulada: o que ela cobrou e estornou."""

    queryset = Lancamento.objects.all()
    serializer_class = LancamentoSerializer
    pagination_class = PaginaPorPedido
    filterset_class = FiltroPorPedido
