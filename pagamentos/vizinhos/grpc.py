"""Como pagamentos chama o estoque, por gRPC."""

from __future__ import annotations

from ecommerce.contratos.estoque_pb2 import SepararEstoqueRequest
from ecommerce.contratos.estoque_pb2_grpc import EstoqueStub
from ecommerce.contratos.logistica_pb2 import PedidoIdRequest
from ecommerce.mensagens import Andamento, LinhaSeparacao, Ordem
from ecommerce.transporte.grpc.cliente import chamar
from ecommerce.transporte.grpc.mensagens import (
    andamento_da_separacao,
    ordem_para_proto,
    separacao_de_proto,
)


class EstoquePorGrpc:
    """O estoque por gRPC."""

    def separar(self, ordem: Ordem) -> Andamento:
        pedido = ordem_para_proto(ordem, SepararEstoqueRequest)
        return andamento_da_separacao(chamar("estoque", EstoqueStub, "SepararEstoque", pedido))

    def liberar(self, pedido_id: int) -> LinhaSeparacao:
        pedido = PedidoIdRequest(pedido_id=pedido_id)
        return separacao_de_proto(chamar("estoque", EstoqueStub, "LiberarEstoque", pedido))
