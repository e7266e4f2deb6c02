"""Como pagamentos chama o estoque, por gRPC."""

from __future__ import annotations

from ecommerce.contratos import cadeia_pb2
from ecommerce.contratos.estoque_pb2_grpc import EstoqueStub
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
        requisicao = ordem_para_proto(ordem, cadeia_pb2.Ordem)
        return andamento_da_separacao(chamar("estoque", EstoqueStub, "SepararEstoque", requisicao))

    def liberar(self, pedido_id: int, impressao: str | None) -> LinhaSeparacao:
        requisicao = cadeia_pb2.DesfazerRequest(pedido_id=pedido_id, impressao=impressao)
        return separacao_de_proto(chamar("estoque", EstoqueStub, "LiberarEstoque", requisicao))
