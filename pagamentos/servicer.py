"""gRPC de pagamentos: cada método traduz, chama um caso de uso e traduz de volta."""

from __future__ import annotations

from typing import Any

import grpc

from ecommerce.contratos import pagamento_pb2_grpc
from ecommerce.transporte.grpc.mensagens import (
    desfazer_de,
    ordem_de_proto,
    pagamento_e_abaixo,
    pagamento_para_proto,
    pedido_id_de,
)
from pagamentos import casos_de_uso
from pagamentos.vizinhos.grpc import EstoquePorGrpc

estoque = EstoquePorGrpc()


def adicionar(servidor: grpc.Server) -> None:
    pagamento_pb2_grpc.add_PagamentoServicer_to_server(PagamentoServicer(), servidor)


class PagamentoServicer(pagamento_pb2_grpc.PagamentoServicer):
    """Os pagamentos, um por pedido."""

    def ProcessarPagamento(self, request: Any, context: grpc.ServicerContext) -> Any:
        ordem = ordem_de_proto(request)
        andamento = casos_de_uso.processar_pagamento(ordem=ordem, estoque=estoque)
        return pagamento_e_abaixo(andamento)

    def EstornarPagamento(self, request: Any, context: grpc.ServicerContext) -> Any:
        linha = casos_de_uso.estornar_pagamento(**desfazer_de(request), estoque=estoque)
        return pagamento_para_proto(linha)

    def ConsultarPagamento(self, request: Any, context: grpc.ServicerContext) -> Any:
        return pagamento_para_proto(
            casos_de_uso.consultar_pagamento(pedido_id=pedido_id_de(request))
        )
