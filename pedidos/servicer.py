"""gRPC de pedidos: cada método traduz, chama um caso de uso e traduz de volta."""

from __future__ import annotations

from typing import Any

import grpc

from ecommerce.contratos import pedido_pb2, pedido_pb2_grpc
from ecommerce.dinheiro import para_centavos
from ecommerce.transporte.grpc.atendimento import chave_de_idempotencia
from ecommerce.transporte.grpc.mensagens import instante, opcional, pedido_id_de
from pedidos import casos_de_uso
from pedidos.casos_de_uso import NovoPedido
from pedidos.dominio import Retrato
from pedidos.vizinhos.grpc import CatalogoPorGrpc, LogisticaPorGrpc, PagamentosPorGrpc

catalogo, pagamentos, logistica = CatalogoPorGrpc(), PagamentosPorGrpc(), LogisticaPorGrpc()


def adicionar(servidor: grpc.Server) -> None:
    pedido_pb2_grpc.add_PedidoServicer_to_server(PedidoServicer(), servidor)


class PedidoServicer(pedido_pb2_grpc.PedidoServicer):
    """Os pedidos e o seu checkout."""

    def CriarPedido(self, request: Any, context: grpc.ServicerContext) -> Any:
        retrato = casos_de_uso.criar_pedido(
            novo=novo_pedido_de_proto(request),
            chave=chave_de_idempotencia(context),
            catalogo=catalogo,
            pagamentos=pagamentos,
        )
        return _resposta(retrato)

    def ConsultarPedido(self, request: Any, context: grpc.ServicerContext) -> Any:
        return _resposta(casos_de_uso.consultar_pedido(pedido_id=pedido_id_de(request)))

    def CancelarPedido(self, request: Any, context: grpc.ServicerContext) -> Any:
        pedido_id = pedido_id_de(request)
        return _resposta(casos_de_uso.cancelar_pedido(pedido_id=pedido_id, pagamentos=pagamentos))

    def RetomarPedido(self, request: Any, context: grpc.ServicerContext) -> Any:
        pedido_id = pedido_id_de(request)
        return _resposta(casos_de_uso.retomar_pedido(pedido_id=pedido_id, pagamentos=pagamentos))

    def EntregarPedido(self, request: Any, context: grpc.ServicerContext) -> Any:
        pedido_id = pedido_id_de(request)
        return _resposta(casos_de_uso.entregar_pedido(pedido_id=pedido_id, logistica=logistica))


def novo_pedido_de_proto(requisicao: Any) -> NovoPedido:
    """O que se quer comprar. Levanta EntradaInvalida."""
    return NovoPedido(
        cliente_id=requisicao.cliente_id,
        itens=tuple((item.produto_id, item.quantidade) for item in requisicao.itens),
        metodo=requisicao.metodo,
        token_cartao=opcional(requisicao, "token_cartao"),
    )


def _resposta(retrato: Retrato) -> Any:
    nota, envio = retrato.nota_fiscal, retrato.envio
    return pedido_pb2.PedidoResponse(
        id=retrato.id,
        cliente_id=retrato.cliente_id,
        data_criacao=instante(retrato.data_criacao),
        status=retrato.status,
        motivo=retrato.motivo,
        valor_total_centavos=para_centavos(retrato.valor_total),
        metodo=retrato.metodo,
        itens=[
            pedido_pb2.ItemDoPedido(
                produto_id=item.produto_id,
                nome=item.nome,
                quantidade=item.quantidade,
                preco_unitario_centavos=para_centavos(item.preco_unitario),
            )
            for item in retrato.itens
        ],
        pagamento=pedido_pb2.PagamentoDoPedido(status=retrato.pagamento.status),
        nota_fiscal=pedido_pb2.NotaDoPedido(**vars(nota)) if nota else None,
        envio=pedido_pb2.EnvioDoPedido(**vars(envio)) if envio else None,
    )
