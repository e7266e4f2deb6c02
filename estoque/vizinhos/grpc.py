"""Como o estoque chama o fiscal, por gRPC."""

from __future__ import annotations

from ecommerce.contratos.fiscal_pb2 import EmitirNotaFiscalRequest
from ecommerce.contratos.fiscal_pb2_grpc import FiscalStub
from ecommerce.contratos.logistica_pb2 import PedidoIdRequest
from ecommerce.mensagens import Andamento, LinhaNota, Ordem
from ecommerce.transporte.grpc.cliente import chamar
from ecommerce.transporte.grpc.mensagens import andamento_da_nota, nota_de_proto, ordem_para_proto


class FiscalPorGrpc:
    """O fiscal por gRPC."""

    def emitir(self, ordem: Ordem) -> Andamento:
        pedido = ordem_para_proto(ordem, EmitirNotaFiscalRequest)
        return andamento_da_nota(chamar("fiscal", FiscalStub, "EmitirNotaFiscal", pedido))

    def cancelar(self, pedido_id: int) -> LinhaNota:
        pedido = PedidoIdRequest(pedido_id=pedido_id)
        return nota_de_proto(chamar("fiscal", FiscalStub, "CancelarNotaFiscal", pedido))
