"""Como pedidos chama pagamentos."""

from __future__ import annotations

from ecommerce.contratos.logistica_pb2 import PedidoIdRequest
from ecommerce.contratos.pagamento_pb2 import PagamentoRequest
from ecommerce.contratos.pagamento_pb2_grpc import PagamentoStub
from ecommerce.mensagens import Andamento, LinhaPagamento, Ordem
from ecommerce.transporte.grpc.cliente import chamar as chamar_grpc
from ecommerce.transporte.grpc.mensagens import (
    andamento_do_pagamento,
    ordem_para_proto,
    pagamento_de_proto,
)
from ecommerce.transporte.rest.cliente import chamar
from ecommerce.transporte.rest.mensagens import (
    andamento_de_json,
    ordem_para_json,
    pagamento_de_json,
)


class PagamentosPorRest:
    """Pagamentos por HTTP."""

    def processar(self, ordem: Ordem) -> Andamento:
        dados = chamar("pagamentos", "POST", "/pagamentos", corpo=ordem_para_json(ordem))
        return andamento_de_json("pagamentos", dados)

    def estornar(self, pedido_id: int) -> LinhaPagamento:
        return pagamento_de_json(chamar("pagamentos", "POST", f"/pagamentos/{pedido_id}/estornar"))


class PagamentosPorGrpc:
    """Pagamentos por gRPC."""

    def processar(self, ordem: Ordem) -> Andamento:
        pedido = ordem_para_proto(ordem, PagamentoRequest)
        return andamento_do_pagamento(
            chamar_grpc("pagamentos", PagamentoStub, "ProcessarPagamento", pedido)
        )

    def estornar(self, pedido_id: int) -> LinhaPagamento:
        pedido = PedidoIdRequest(pedido_id=pedido_id)
        return pagamento_de_proto(
            chamar_grpc("pagamentos", PagamentoStub, "EstornarPagamento", pedido)
        )
