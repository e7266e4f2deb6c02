"""Como o estoque chama o fiscal, por gRPC."""

from __future__ import annotations

from ecommerce.contratos import cadeia_pb2
from ecommerce.contratos.fiscal_pb2_grpc import FiscalStub
from ecommerce.mensagens import Andamento, LinhaNota, Ordem
from ecommerce.transporte.grpc.cliente import chamar
from ecommerce.transporte.grpc.mensagens import andamento_da_nota, nota_de_proto, ordem_para_proto


class FiscalPorGrpc:
    """O fiscal por gRPC."""

    def emitir(self, ordem: Ordem) -> Andamento:
        requisicao = ordem_para_proto(ordem, cadeia_pb2.Ordem)
        return andamento_da_nota(chamar("fiscal", FiscalStub, "EmitirNotaFiscal", requisicao))

    def cancelar(self, pedido_id: int, impressao: str | None) -> LinhaNota:
        requisicao = cadeia_pb2.DesfazerRequest(pedido_id=pedido_id, impressao=impressao)
        return nota_de_proto(chamar("fiscal", FiscalStub, "CancelarNotaFiscal", requisicao))
