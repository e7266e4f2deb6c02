"""Como o catálogo pergunta ao estoque."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from catalogo.dominio import ESPERA_PELO_ESTOQUE_S
from ecommerce.contratos.estoque_pb2 import ConsultarEstoqueRequest
from ecommerce.contratos.estoque_pb2_grpc import EstoqueStub
from ecommerce.transporte.grpc.cliente import chamar as chamar_grpc
from ecommerce.transporte.rest.cliente import chamar


class EstoquePorRest:
    """O estoque por HTTP."""

    def saldos(self) -> dict[int, int]:
        """As peças disponíveis de cada produto."""
        disponiveis: dict[int, int] = {}
        params: dict[str, str | list[str]] = {"tamanho": "500"}
        while params:
            pagina = chamar(
                "estoque",
                "GET",
                "/estoque",
                params=params,
                espera_maxima_s=ESPERA_PELO_ESTOQUE_S,
            )
            disponiveis |= {saldo["produto_id"]: saldo["disponivel"] for saldo in pagina["results"]}
            params = dict(parse_qsl(urlsplit(pagina["next"] or "").query))
        return disponiveis


class EstoquePorGrpc:
    """O estoque por gRPC."""

    def saldos(self) -> dict[int, int]:
        """As peças disponíveis de cada produto."""
        resposta = chamar_grpc(
            "estoque",
            EstoqueStub,
            "ConsultarEstoque",
            ConsultarEstoqueRequest(),
            espera_maxima_s=ESPERA_PELO_ESTOQUE_S,
        )
        return {saldo.produto_id: saldo.disponivel for saldo in resposta.saldos}
