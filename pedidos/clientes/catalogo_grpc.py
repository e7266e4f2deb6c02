"""Como pedidos pergunta preços ao catálogo, por gRPC."""

from __future__ import annotations

from collections.abc import Collection

from ecommerce.contratos.catalogo_pb2 import ConsultarPrecosRequest
from ecommerce.contratos.catalogo_pb2_grpc import CatalogoStub
from ecommerce.dinheiro import de_centavos
from ecommerce.mensagens import Preco
from ecommerce.transporte.grpc.cliente import chamar


class CatalogoPorGrpc:
    """O catálogo por gRPC."""

    def precos(self, ids: Collection[int]) -> dict[int, Preco]:
        """Nome e preço de cada produto que existe."""
        pedido = ConsultarPrecosRequest(id=ids)
        resposta = chamar("catalogo", CatalogoStub, "ConsultarPrecos", pedido)
        return {p.id: Preco(p.id, p.nome, de_centavos(p.preco_centavos)) for p in resposta.precos}
