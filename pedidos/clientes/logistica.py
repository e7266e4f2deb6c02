"""Como pedidos diz à logística que um envio foi entregue."""

from __future__ import annotations

from ecommerce.contratos.logistica_pb2 import PedidoIdRequest
from ecommerce.contratos.logistica_pb2_grpc import LogisticaStub
from ecommerce.mensagens import LinhaEnvio
from ecommerce.transporte.grpc.cliente import chamar as chamar_grpc
from ecommerce.transporte.grpc.mensagens import envio_de_proto
from ecommerce.transporte.rest.cliente import chamar
from ecommerce.transporte.rest.mensagens import envio_de_json


class LogisticaPorRest:
    """A logística por HTTP."""

    def entregar(self, pedido_id: int) -> LinhaEnvio:
        return envio_de_json(chamar("logistica", "POST", f"/envios/{pedido_id}/entregar"))


class LogisticaPorGrpc:
    """A logística por gRPC."""

    def entregar(self, pedido_id: int) -> LinhaEnvio:
        pedido = PedidoIdRequest(pedido_id=pedido_id)
        return envio_de_proto(chamar_grpc("logistica", LogisticaStub, "EntregarEnvio", pedido))
