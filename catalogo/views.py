"""REST do catálogo: cada método traduz, chama um caso de uso e traduz de volta."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from catalogo import casos_de_uso
from catalogo.serializers import (
    ConsultaDePrecos,
    PrecoSerializer,
    ProdutoSerializer,
    ids_da_consulta,
)
from catalogo.vizinhos.rest import EstoquePorRest
from ecommerce.transporte.rest.api.esquema import documentar
from ecommerce.transporte.rest.api.views import ServicoViewSet

estoque = EstoquePorRest()
_ESTOQUE_EM = OpenApiParameter(
    "X-Estoque-Em",
    str,
    location=OpenApiParameter.HEADER,
    response=True,
    description="Data dos saldos (RFC 3339), quando o estoque não responde e são os últimos.",
)


def _cabecalhos(vitrine: casos_de_uso.Vitrine) -> dict[str, str]:
    if vitrine.estoque_em is None:
        return {}
    return {"X-Estoque-Em": vitrine.estoque_em.isoformat().replace("+00:00", "Z")}


class ProdutoViewSet(ServicoViewSet):
    """Os produtos à venda, com preço e estoque."""

    casos = {"list": casos_de_uso.listar_produtos, "retrieve": casos_de_uso.consultar_produto}
    serializer_class = ProdutoSerializer
    pagination_class = None
    filter_backends = []

    @documentar(
        resumo="Lista todos os produtos",
        resposta=ProdutoSerializer(many=True),
        parameters=[_ESTOQUE_EM],
    )
    def list(self, request: Request) -> Response:
        vitrine = casos_de_uso.listar_produtos(estoque=estoque)
        return Response([vars(p) for p in vitrine.produtos], headers=_cabecalhos(vitrine))

    @documentar(resumo="Consulta um produto", resposta=ProdutoSerializer, parameters=[_ESTOQUE_EM])
    def retrieve(self, request: Request, pk: int) -> Response:
        vitrine = casos_de_uso.consultar_produto(produto_id=pk, estoque=estoque)
        return Response(vars(vitrine.produtos[0]), headers=_cabecalhos(vitrine))


class PrecoViewSet(ServicoViewSet):
    """Nome e preço de produtos, para quem fecha um pedido."""

    casos = {"list": casos_de_uso.consultar_precos}
    serializer_class = PrecoSerializer
    pagination_class = None
    filter_backends = []

    @documentar(
        resumo="Consulta o nome e o preço de produtos",
        resposta=PrecoSerializer(many=True),
        parameters=[ConsultaDePrecos],
    )
    def list(self, request: Request) -> Response:
        precos = casos_de_uso.consultar_precos(ids=ids_da_consulta(request.query_params))
        return Response([vars(preco) for preco in precos])
