"""Como pedidos chama os vizinhos, por gRPC: preços do catálogo, a cadeia, a entrega."""

from __future__ import annotations

from collections.abc import Collection

from ecommerce.contratos import cadeia_pb2
from ecommerce.contratos.catalogo_pb2 import ConsultarPrecosRequest
from ecommerce.contratos.catalogo_pb2_grpc import CatalogoStub
from ecommerce.contratos.logistica_pb2_grpc import LogisticaStub
from ecommerce.contratos.pagamento_pb2 import PagamentoRequest
from ecommerce.contratos.pagamento_pb2_grpc import PagamentoStub
from ecommerce.dinheiro import de_centavos
from ecommerce.mensagens import Andamento, LinhaEnvio, LinhaPagamento, Ordem, Preco
from ecommerce.transporte.grpc.cliente import chamar
from ecommerce.transporte.grpc.mensagens import (
    andamento_do_pagamento,
    envio_de_proto,
    ordem_para_proto,
    pagamento_de_proto,
)


class CatalogoPorGrpc:
    """O catálogo por gRPC."""

    def precos(self, ids: Collection[int]) -> dict[int, Preco]:
        """Nome e preço de cada produto que existe."""
        requisicao = ConsultarPrecosRequest(id=ids)
        resposta = chamar("catalogo", CatalogoStub, "ConsultarPrecos", requisicao)
        return {p.id: Preco(p.id, p.nome, de_centavos(p.preco_centavos)) for p in resposta.precos}


class PagamentosPorGrpc:
    """Pagamentos por gRPC."""

    def processar(self, ordem: Ordem) -> Andamento:
        requisicao = ordem_para_proto(ordem, PagamentoRequest)
        return andamento_do_pagamento(
            chamar("pagamentos", PagamentoStub, "ProcessarPagamento", requisicao)
        )

    def estornar(self, pedido_id: int, impressao: str | None) -> LinhaPagamento:
        requisicao = cadeia_pb2.DesfazerRequest(pedido_id=pedido_id, impressao=impressao)
        return pagamento_de_proto(
            chamar("pagamentos", PagamentoStub, "EstornarPagamento", requisicao)
        )


class LogisticaPorGrpc:
    """A logística por gRPC."""

    def entregar(self, pedido_id: int) -> LinhaEnvio:
        requisicao = cadeia_pb2.PedidoIdRequest(pedido_id=pedido_id)
        return envio_de_proto(chamar("logistica", LogisticaStub, "EntregarEnvio", requisicao))
