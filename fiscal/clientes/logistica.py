"""Como o fiscal chama a logística."""

from __future__ import annotations

from ecommerce.contratos.logistica_pb2 import AgendarEnvioRequest, PedidoIdRequest
from ecommerce.contratos.logistica_pb2_grpc import LogisticaStub
from ecommerce.mensagens import Andamento, LinhaEnvio, Ordem
from ecommerce.transporte.grpc.cliente import chamar as chamar_grpc
from ecommerce.transporte.grpc.mensagens import (
    andamento_do_envio,
    envio_de_proto,
    ordem_para_proto,
)
from ecommerce.transporte.rest.cliente import chamar
from ecommerce.transporte.rest.mensagens import andamento_de_json, envio_de_json, ordem_para_json


class LogisticaPorRest:
    """A logística por HTTP."""

    def agendar(self, ordem: Ordem) -> Andamento:
        dados = chamar("logistica", "POST", "/envios", corpo=ordem_para_json(ordem))
        return andamento_de_json("logistica", dados)

    def cancelar(self, pedido_id: int) -> LinhaEnvio:
        return envio_de_json(chamar("logistica", "POST", f"/envios/{pedido_id}/cancelar"))


class LogisticaPorGrpc:
    """A logística por gRPC."""

    def agendar(self, ordem: Ordem) -> Andamento:
        pedido = ordem_para_proto(ordem, AgendarEnvioRequest)
        return andamento_do_envio(chamar_grpc("logistica", LogisticaStub, "AgendarEnvio", pedido))

    def cancelar(self, pedido_id: int) -> LinhaEnvio:
        pedido = PedidoIdRequest(pedido_id=pedido_id)
        return envio_de_proto(chamar_grpc("logistica", LogisticaStub, "CancelarEnvio", pedido))
