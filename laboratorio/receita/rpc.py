"""Os cinco serviços por gRPC: `python -m laboratorio.receita.rpc SERVICO`."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from concurrent import futures
from contextlib import closing

import grpc

from laboratorio.receita import gravacoes, receita_pb2, receita_pb2_grpc
from laboratorio.receita.banco import abrir
from laboratorio.receita.enderecos import ENDERECO, porta_grpc


def canal_para(servico: str) -> grpc.Channel:
    return grpc.insecure_channel(f"{ENDERECO}:{porta_grpc(servico)}")


def pares(itens: Iterable[receita_pb2.Item]) -> gravacoes.Itens:
    return [(item.produto_id, item.quantidade) for item in itens]


class PedidoService(receita_pb2_grpc.PedidoServicer):
    def CriarPedido(
        self, request: receita_pb2.PedidoRequest, context: grpc.ServicerContext
    ) -> receita_pb2.PedidoResponse:
        with closing(abrir("pedidos")) as conn:
            pedido_id, valor = gravacoes.criar_pedido(
                conn, request.cliente_id, pares(request.itens)
            )
            print(f"Recebido pedido {pedido_id}, valor: {valor}")
            with canal_para("pagamentos") as canal:
                pagamento = receita_pb2.PagamentoRequest(
                    pedido_id=pedido_id, valor=valor, metodo=request.metodo, itens=request.itens
                )
                resposta = receita_pb2_grpc.PagamentoStub(canal).ProcessarPagamento(pagamento)
            status = gravacoes.concluir_pedido(conn, pedido_id, resposta.sucesso)
        return receita_pb2.PedidoResponse(id=pedido_id, status=status, valor_total=valor)


class PagamentoService(receita_pb2_grpc.PagamentoServicer):
    def ProcessarPagamento(
        self, request: receita_pb2.PagamentoRequest, context: grpc.ServicerContext
    ) -> receita_pb2.PassoResponse:
        print(f"Recebido pagamento do pedido {request.pedido_id}, valor: {request.valor}")
        with closing(abrir("pagamentos")) as conn:
            gravacoes.processar_pagamento(conn, request.pedido_id, request.metodo)
            with canal_para("estoque") as canal:
                separacao = receita_pb2.EstoqueRequest(
                    pedido_id=request.pedido_id, itens=request.itens
                )
                resposta = receita_pb2_grpc.EstoqueStub(canal).SepararEstoque(separacao)
            gravacoes.registrar(conn, request.pedido_id, "processar_pagamento", "aprovado")
        return resposta


class EstoqueService(receita_pb2_grpc.EstoqueServicer):
    def SepararEstoque(
        self, request: receita_pb2.EstoqueRequest, context: grpc.ServicerContext
    ) -> receita_pb2.PassoResponse:
        print(f"Recebida separação do pedido {request.pedido_id}")
        with closing(abrir("estoque")) as conn:
            if not gravacoes.separar_estoque(conn, pares(request.itens)):
                gravacoes.registrar(conn, request.pedido_id, "separar_estoque", "recusado")
                return receita_pb2.PassoResponse(
                    pedido_id=request.pedido_id, sucesso=False, mensagem="sem estoque"
                )
            with canal_para("fiscal") as canal:
                nota = receita_pb2.NotaRequest(pedido_id=request.pedido_id)
                resposta = receita_pb2_grpc.FiscalStub(canal).EmitirNotaFiscal(nota)
            gravacoes.registrar(conn, request.pedido_id, "separar_estoque", "separado")
        return resposta


class FiscalService(receita_pb2_grpc.FiscalServicer):
    def EmitirNotaFiscal(
        self, request: receita_pb2.NotaRequest, context: grpc.ServicerContext
    ) -> receita_pb2.PassoResponse:
        print(f"Recebida nota do pedido {request.pedido_id}")
        with closing(abrir("fiscal")) as conn:
            nota_id = gravacoes.emitir_nota(conn, request.pedido_id)
            with canal_para("logistica") as canal:
                envio = receita_pb2.EnvioRequest(
                    pedido_id=request.pedido_id, nota_fiscal_id=nota_id
                )
                resposta = receita_pb2_grpc.LogisticaStub(canal).AgendarEnvio(envio)
            gravacoes.registrar(conn, request.pedido_id, "emitir_nota", "emitida")
        return resposta


class LogisticaService(receita_pb2_grpc.LogisticaServicer):
    def AgendarEnvio(
        self, request: receita_pb2.EnvioRequest, context: grpc.ServicerContext
    ) -> receita_pb2.PassoResponse:
        print(f"Recebido envio do pedido {request.pedido_id}")
        with closing(abrir("logistica")) as conn:
            gravacoes.agendar_envio(conn, request.pedido_id, request.nota_fiscal_id)
            gravacoes.registrar(conn, request.pedido_id, "agendar_envio", "aguardando_envio")
        return receita_pb2.PassoResponse(
            pedido_id=request.pedido_id, sucesso=True, mensagem="envio agendado"
        )


def servir(servico: str) -> None:
    servidor = grpc.server(futures.ThreadPoolExecutor(max_workers=10))
    match servico:
        case "pedidos":
            receita_pb2_grpc.add_PedidoServicer_to_server(PedidoService(), servidor)
        case "pagamentos":
            receita_pb2_grpc.add_PagamentoServicer_to_server(PagamentoService(), servidor)
        case "estoque":
            receita_pb2_grpc.add_EstoqueServicer_to_server(EstoqueService(), servidor)
        case "fiscal":
            receita_pb2_grpc.add_FiscalServicer_to_server(FiscalService(), servidor)
        case "logistica":
            receita_pb2_grpc.add_LogisticaServicer_to_server(LogisticaService(), servidor)
    servidor.add_insecure_port(f"{ENDERECO}:{porta_grpc(servico)}")
    servidor.start()
    servidor.wait_for_termination()


if __name__ == "__main__":
    abrir(sys.argv[1]).close()  # garante que as tabelas existam ao iniciar
    servir(sys.argv[1])
