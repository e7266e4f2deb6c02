"""gRPC do fiscal: cada método traduz, chama um caso de uso e traduz de volta."""

from __future__ import annotations

from typing import Any

import grpc

from ecommerce.contratos import fiscal_pb2_grpc
from ecommerce.transporte.grpc.mensagens import (
    desfazer_de,
    nota_e_abaixo,
    nota_para_proto,
    ordem_de_proto,
    pedido_id_de,
)
from fiscal import casos_de_uso
from fiscal.vizinhos.grpc import LogisticaPorGrpc

logistica = LogisticaPorGrpc()


def adicionar(servidor: grpc.Server) -> None:
    fiscal_pb2_grpc.add_FiscalServicer_to_server(FiscalServicer(), servidor)


class FiscalServicer(fiscal_pb2_grpc.FiscalServicer):
    """As notas fiscais, uma por pedido."""

    def EmitirNotaFiscal(self, request: Any, context: grpc.ServicerContext) -> Any:
        andamento = casos_de_uso.emitir_nota(ordem=ordem_de_proto(request), logistica=logistica)
        return nota_e_abaixo(andamento)

    def CancelarNotaFiscal(self, request: Any, context: grpc.ServicerContext) -> Any:
        linha = casos_de_uso.cancelar_nota(**desfazer_de(request), logistica=logistica)
        return nota_para_proto(linha)

    def ConsultarNotaFiscal(self, request: Any, context: grpc.ServicerContext) -> Any:
        return nota_para_proto(casos_de_uso.consultar_nota(pedido_id=pedido_id_de(request)))
