"""Como o estoque chama o fiscal."""

from __future__ import annotations

from ecommerce.contratos.fiscal_pb2 import EmitirNotaFiscalRequest
from ecommerce.contratos.fiscal_pb2_grpc import FiscalStub
from ecommerce.contratos.logistica_pb2 import PedidoIdRequest
from ecommerce.mensagens import Andamento, LinhaNota, Ordem
from ecommerce.transporte.grpc.cliente import chamar as chamar_grpc
from ecommerce.transporte.grpc.mensagens import andamento_da_nota, nota_de_proto, ordem_para_proto
from ecommerce.transporte.rest.cliente import chamar
from ecommerce.transporte.rest.mensagens import andamento_de_json, nota_de_json, ordem_para_json


class FiscalPorRest:
    """O fiscal por HTTP."""

    def emitir(self, ordem: Ordem) -> Andamento:
        dados = chamar("fiscal", "POST", "/notas", corpo=ordem_para_json(ordem))
        return andamento_de_json("fiscal", dados)

    def cancelar(self, pedido_id: int) -> LinhaNota:
        return nota_de_json(chamar("fiscal", "POST", f"/notas/{pedido_id}/cancelar"))


class FiscalPorGrpc:
    """O fiscal por gRPC."""

    def emitir(self, ordem: Ordem) -> Andamento:
        pedido = ordem_para_proto(ordem, EmitirNotaFiscalRequest)
        return andamento_da_nota(chamar_grpc("fiscal", FiscalStub, "EmitirNotaFiscal", pedido))

    def cancelar(self, pedido_id: int) -> LinhaNota:
        pedido = PedidoIdRequest(pedido_id=pedido_id)
        return nota_de_proto(chamar_grpc("fiscal", FiscalStub, "CancelarNotaFiscal", pedido))
