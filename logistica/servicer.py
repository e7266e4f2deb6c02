"""gRPC da logística: cada método traduz, chama um caso de uso e traduz de volta."""

from __future__ import annotations

from typing import Any

import grpc

from ecommerce.contratos import logistica_pb2_grpc
from ecommerce.transporte.grpc.mensagens import (
    desfazer_de,
    envio_para_proto,
    ordem_de_proto,
    pedido_id_de,
)
from logistica import casos_de_uso


def adicionar(servidor: grpc.Server) -> None:
    logistica_pb2_grpc.add_LogisticaServicer_to_server(LogisticaServicer(), servidor)


class LogisticaServicer(logistica_pb2_grpc.LogisticaServicer):
    """Os envios, um por pedido."""

    def AgendarEnvio(self, request: Any, context: grpc.ServicerContext) -> Any:
        return envio_para_proto(casos_de_uso.agendar_envio(ordem=ordem_de_proto(request)).envio)

    def CancelarEnvio(self, request: Any, context: grpc.ServicerContext) -> Any:
        return envio_para_proto(casos_de_uso.cancelar_envio(**desfazer_de(request)))

    def EntregarEnvio(self, request: Any, context: grpc.ServicerContext) -> Any:
        return envio_para_proto(casos_de_uso.entregar_envio(pedido_id=pedido_id_de(request)))

    def ConsultarEnvio(self, request: Any, context: grpc.ServicerContext) -> Any:
        return envio_para_proto(casos_de_uso.consultar_envio(pedido_id=pedido_id_de(request)))
