"""Como pagamentos chama o estoque."""

from __future__ import annotations

from ecommerce.contratos.estoque_pb2 import SepararEstoqueRequest
from ecommerce.contratos.estoque_pb2_grpc import EstoqueStub
from ecommerce.contratos.logistica_pb2 import PedidoIdRequest
from ecommerce.mensagens import Andamento, LinhaSeparacao, Ordem
from ecommerce.transporte.grpc.cliente import chamar as chamar_grpc
from ecommerce.transporte.grpc.mensagens import (
    andamento_da_separacao,
    ordem_para_proto,
    separacao_de_proto,
)
from ecommerce.transporte.rest.cliente import chamar
from ecommerce.transporte.rest.mensagens import (
    andamento_de_json,
    ordem_para_json,
    separacao_de_json,
)


class EstoquePorRest:
    """O estoque por HTTP."""

    def separar(self, ordem: Ordem) -> Andamento:
        dados = chamar("estoque", "POST", "/estoque/separar", corpo=ordem_para_json(ordem))
        return andamento_de_json("estoque", dados)

    def liberar(self, pedido_id: int) -> LinhaSeparacao:
        dados = chamar("estoque", "POST", "/estoque/liberar", corpo={"pedido_id": pedido_id})
        return separacao_de_json(dados)


class EstoquePorGrpc:
    """O estoque por gRPC."""

    def separar(self, ordem: Ordem) -> Andamento:
        pedido = ordem_para_proto(ordem, SepararEstoqueRequest)
        return andamento_da_separacao(chamar_grpc("estoque", EstoqueStub, "SepararEstoque", pedido))

    def liberar(self, pedido_id: int) -> LinhaSeparacao:
        pedido = PedidoIdRequest(pedido_id=pedido_id)
        return separacao_de_proto(chamar_grpc("estoque", EstoqueStub, "LiberarEstoque", pedido))
