"""Como o fiscal chama a logística, por gRPC."""

from __future__ import annotations

from ecommerce.contratos import cadeia_pb2
from ecommerce.contratos.logistica_pb2_grpc import LogisticaStub
from ecommerce.mensagens import Andamento, LinhaEnvio, Ordem
from ecommerce.transporte.grpc.cliente import chamar
from ecommerce.transporte.grpc.mensagens import (
    andamento_do_envio,
    envio_de_proto,
    ordem_para_proto,
)


class LogisticaPorGrpc:
    """A logística por gRPC."""

    def agendar(self, ordem: Ordem) -> Andamento:
        requisicao = ordem_para_proto(ordem, cadeia_pb2.Ordem)
        return andamento_do_envio(chamar("logistica", LogisticaStub, "AgendarEnvio", requisicao))

    def cancelar(self, pedido_id: int, impressao: str | None) -> LinhaEnvio:
        requisicao = cadeia_pb2.DesfazerRequest(pedido_id=pedido_id, impressao=impressao)
        return envio_de_proto(chamar("logistica", LogisticaStub, "CancelarEnvio", requisicao))
