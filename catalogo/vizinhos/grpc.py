"""Como o catálogo pergunta ao estoque, por gRPC."""

from __future__ import annotations

from catalogo.dominio import ESPERA_PELO_ESTOQUE_S
from ecommerce.contratos.estoque_pb2 import ConsultarEstoqueRequest
from ecommerce.contratos.estoque_pb2_grpc import EstoqueStub
from ecommerce.transporte.grpc.cliente import chamar


class EstoquePorGrpc:
    """O estoque por gRPC."""

    def saldos(self) -> dict[int, int]:
        """As peças disponíveis de cada produto."""
        resposta = chamar(
            "estoque",
            EstoqueStub,
            "ConsultarEstoque",
            ConsultarEstoqueRequest(),
            espera_maxima_s=ESPERA_PELO_ESTOQUE_S,
        )
        return {saldo.produto_id: saldo.disponivel for saldo in resposta.saldos}
