"""REST do estoque: cada método traduz, chama um caso de uso e traduz de volta."""

from __future__ import annotations

from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from ecommerce.transporte.rest.api.esquema import CHAVE, documentar
from ecommerce.transporte.rest.api.views import ServicoViewSet, criado
from ecommerce.transporte.rest.mensagens import (
    OrdemSerializer,
    SeparacaoSerializer,
    andamento_para_json,
    ordem_de_json,
)
from estoque import casos_de_uso
from estoque.models import Saldo, Separacao
from estoque.serializers import (
    EntradaSerializer,
    LiberarSerializer,
    SaldoSerializer,
    SeparacaoFeitaSerializer,
)
from estoque.vizinhos.rest import FiscalPorRest

fiscal = FiscalPorRest()


class EstoqueViewSet(ListModelMixin, ServicoViewSet):
    """As peças de cada produto."""

    queryset = Saldo.objects.all()
    serializer_class = SaldoSerializer
    casos = {
        "list": casos_de_uso.consultar_saldos,
        "retrieve": casos_de_uso.consultar_estoque,
        "entrada": casos_de_uso.registrar_entrada,
    }
    entradas = {
        "separar": OrdemSerializer,
        "liberar": LiberarSerializer,
        "entrada": EntradaSerializer,
    }

    @documentar(resumo="Consulta o saldo de um produto", resposta=SaldoSerializer)
    def retrieve(self, request: Request, pk: int) -> Response:
        return Response(vars(casos_de_uso.consultar_estoque(produto_id=pk)))

    @documentar(
        resumo="Separa os itens do pedido e segue a cadeia",
        entrada=OrdemSerializer,
        resposta=SeparacaoFeitaSerializer,
        status=[201],
        erros=[409, 422, 504],
    )
    @action(detail=False, methods=["post"])
    def separar(self, request: Request) -> Response:
        ordem = ordem_de_json(request.data)
        andamento = casos_de_uso.separar_estoque(ordem=ordem, fiscal=fiscal)
        return criado(andamento_para_json("estoque", andamento), f"/separacoes/{ordem.pedido_id}")

    @documentar(
        resumo="Desfaz os passos seguintes e libera as peças",
        entrada=LiberarSerializer,
        resposta=SeparacaoSerializer,
        erros=[409, 504],
    )
    @action(detail=False, methods=["post"])
    def liberar(self, request: Request) -> Response:
        linha = casos_de_uso.liberar_estoque(**self.ler().validated_data, fiscal=fiscal)
        return Response(vars(linha))

    @documentar(
        resumo="Registra uma entrada de peças",
        entrada=EntradaSerializer,
        resposta=SaldoSerializer,
        erros=[422],
        parameters=[CHAVE],
    )
    @action(detail=True, methods=["post"])
    def entrada(self, request: Request, pk: int) -> Response:
        saldo = casos_de_uso.registrar_entrada(
            produto_id=pk,
            quantidade=self.ler().validated_data["quantidade"],
            chave=request.headers.get("Idempotency-Key"),
        )
        return Response(vars(saldo))


class SeparacaoViewSet(ListModelMixin, ServicoViewSet):
    """As separações, uma por pedido."""

    queryset = Separacao.objects.prefetch_related("itens")
    serializer_class = SeparacaoSerializer
    casos = dict.fromkeys(("list", "retrieve"), casos_de_uso.consultar_separacao)
    filterset_fields = ["status"]

    @documentar(resumo="Consulta a separação de um pedido", resposta=SeparacaoSerializer)
    def retrieve(self, request: Request, pk: int) -> Response:
        return Response(vars(casos_de_uso.consultar_separacao(pedido_id=pk)))
