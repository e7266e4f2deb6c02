"""Como pedidos diz à logística que um envio foi entregue, por gRPC."""

from __future__ import annotations

from ecommerce.contratos.logistica_pb2 import PedidoIdRequest
from ecommerce.contratos.logistica_pb2_grpc import LogisticaStub
from ecommerce.mensagens import LinhaEnvio
from ecommerce.transporte.grpc.cliente import chamar
from ecommerce.transporte.grpc.mensagens import envio_de_proto


class LogisticaPorGrpc:
    """A logística por gRPC."""

    def entregar(self, pedido_id: int) -> LinhaEnvio:
        pedido = PedidoIdRequest(pedido_id=pedido_id)
        return envio_de_proto(chamar("logistica", LogisticaStub, "EntregarEnvio", pedido))
