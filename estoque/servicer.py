"""gRPC do estoque: cada método traduz, chama um caso de uso e traduz de volta."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import grpc

from ecommerce.contratos import estoque_pb2, estoque_pb2_grpc
from ecommerce.transporte.grpc.atendimento import chave_de_idempotencia
from ecommerce.transporte.grpc.mensagens import (
    desfazer_de,
    ordem_de_proto,
    separacao_e_abaixo,
    separacao_para_proto,
)
from estoque import casos_de_uso
from estoque.vizinhos.grpc import FiscalPorGrpc

fiscal = FiscalPorGrpc()


def adicionar(servidor: grpc.Server) -> None:
    estoque_pb2_grpc.add_EstoqueServicer_to_server(EstoqueServicer(), servidor)


class EstoqueServicer(estoque_pb2_grpc.EstoqueServicer):
    """As peças de cada produto e as separações."""

    def SepararEstoque(self, request: Any, context: grpc.ServicerContext) -> Any:
        andamento = casos_de_uso.separar_estoque(ordem=ordem_de_proto(request), fiscal=fiscal)
        return separacao_e_abaixo(andamento)

    def LiberarEstoque(self, request: Any, context: grpc.ServicerContext) -> Any:
        linha = casos_de_uso.liberar_estoque(**desfazer_de(request), fiscal=fiscal)
        return separacao_para_proto(linha)

    def ConsultarEstoque(self, request: Any, context: grpc.ServicerContext) -> Any:
        linhas = casos_de_uso.consultar_saldos(ids=list(request.produto_id))
        saldos = [estoque_pb2.Saldo(**asdict(linha)) for linha in linhas]
        return estoque_pb2.ConsultarEstoqueResponse(saldos=saldos)

    def RegistrarEntrada(self, request: Any, context: grpc.ServicerContext) -> Any:
        linha = casos_de_uso.registrar_entrada(
            produto_id=request.produto_id,
            quantidade=request.quantidade,
            chave=chave_de_idempotencia(context),
        )
        return estoque_pb2.Saldo(**asdict(linha))
