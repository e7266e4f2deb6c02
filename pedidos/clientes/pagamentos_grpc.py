"""Como pedidos chama pagamentos, por gRPC."""

from __future__ import annotations

from ecommerce.contratos.logistica_pb2 import PedidoIdRequest
from ecommerce.contratos.pagamento_pb2 import PagamentoRequest
from ecommerce.contratos.pagamento_pb2_grpc import PagamentoStub
from ecommerce.mensagens import Andamento, LinhaPagamento, Ordem
from ecommerce.transporte.grpc.cliente import chamar
from ecommerce.transporte.grpc.mensagens import (
    andamento_do_pagamento,
    ordem_para_proto,
    pagamento_de_proto,
)


class PagamentosPorGrpc:
    """Pagamentos por gRPC."""

    def processar(self, ordem: Ordem) -> Andamento:
        pedido = ordem_para_proto(ordem, PagamentoRequest)
        return andamento_do_pagamento(
            chamar("pagamentos", PagamentoStub, "ProcessarPagamento", pedido)
        )

    def estornar(self, pedido_id: int) -> LinhaPagamento:
        pedido = PedidoIdRequest(pedido_id=pedido_id)
        return pagamento_de_proto(chamar("pagamentos", PagamentoStub, "EstornarPagamento", pedido))
