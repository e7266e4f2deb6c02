"""Quem compra em cada alvo: um usuário do locust por transporte, com a conexão sempre aberta.

Importar o locust troca as esperas da biblioteca padrão pelas do gevent; só o gerador o importa.
"""

from __future__ import annotations

from typing import Any, ClassVar

import grpc
import orjson
from geventhttpclient.client import HTTPClientPool
from locust import FastHttpUser, User
from locust.env import Environment

from ecommerce.contratos import pedido_pb2, pedido_pb2_grpc
from ecommerce.transporte.grpc.canal import abrir_canal
from ecommerce.transporte.grpc.erros import ler_erro
from laboratorio.receita import receita_pb2, receita_pb2_grpc

# os pedidos que um gerador deixa em curso; o sistema recusa o excesso bem antes
EM_CURSO_MAXIMO = 512
# mais que o prazo do checkout: quem não respondeu até aqui não responde mais
ESPERA_MAXIMA_S = 15
CONCLUIDO, A_CAMINHO, RECUSADO, SEM_RESPOSTA = "concluido", "a_caminho", "recusado", "sem_resposta"
POR_STATUS = {"enviado": CONCLUIDO, "entregue": CONCLUIDO, "cancelado": RECUSADO}
SEM_OUVIR = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED)
OPCOES_DO_CANAL = [
    # quem volta é achado logo
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 500),
]
# o que se ouviu e o número do pedido, se a resposta o trouxe
Desfecho = tuple[str, int | None]


class ClienteRest(FastHttpUser):
    """Compra por REST; as conexões são do processo e ficam abertas de uma compra a outra."""

    abstract = True
    chave: ClassVar[str]
    client_pool = HTTPClientPool(
        concurrency=EM_CURSO_MAXIMO,
        connection_timeout=ESPERA_MAXIMA_S,
        network_timeout=ESPERA_MAXIMA_S,
    )

    def comprar(self, corpo: dict[str, Any], chave_idempotencia: str) -> Desfecho:
        cabecalhos = {
            "Authorization": f"Bearer {self.chave}",
            "Idempotency-Key": chave_idempotencia,
            "Content-Type": "application/json",
            "Accept": "application/json",
        }
        resposta = self.client.post(
            "/pedidos", data=orjson.dumps(corpo).decode(), headers=cabecalhos
        )
        codigo = resposta.status_code
        if not codigo:
            return SEM_RESPOSTA, None
        try:
            pedido = orjson.loads(resposta.content or b"")
        except orjson.JSONDecodeError:  # a receita, quando erra, responde uma página
            return f"http_{codigo}", None
        if codigo == 422:
            return RECUSADO, pedido.get("pedido_id")
        if codigo >= 400:
            return pedido["codigo"], pedido.get("pedido_id")
        return CONCLUIDO if codigo == 201 else A_CAMINHO, pedido["id"]


class ClienteGrpc(User):
    """Compra por gRPC, num canal só por processo."""

    abstract = True
    chave: ClassVar[str]
    canal: ClassVar[grpc.Channel]
    contrato: ClassVar[Any] = pedido_pb2_grpc.PedidoStub
    requisicao: ClassVar[Any] = pedido_pb2.CriarPedidoRequest

    def __init__(self, ambiente: Environment) -> None:
        super().__init__(ambiente)
        self._criar_pedido = self.contrato(self.canal).CriarPedido

    def comprar(self, corpo: dict[str, Any], chave_idempotencia: str) -> Desfecho:
        try:
            resposta = self._criar_pedido(
                self.requisicao(**corpo),
                metadata=(
                    ("authorization", f"Bearer {self.chave}"),
                    ("idempotency-key", chave_idempotencia),
                ),
                timeout=ESPERA_MAXIMA_S,
            )
        except grpc.RpcError as falha:
            return _da_falha(falha)
        return POR_STATUS.get(resposta.status, A_CAMINHO), resposta.id


class ClienteReceitaGrpc(ClienteGrpc):
    """O mesmo, no contrato da receita, que não olha a chave."""

    abstract = True
    contrato = receita_pb2_grpc.PedidoStub
    requisicao = receita_pb2.PedidoRequest


# a receita recebe por REST o mesmo corpo, no mesmo caminho
CLIENTES: dict[str, type[ClienteRest] | type[ClienteGrpc]] = {
    "rest": ClienteRest,
    "grpc": ClienteGrpc,
    "receita-rest": ClienteRest,
    "receita-grpc": ClienteReceitaGrpc,
}


def comprador(alvo: str, endereco: str, chave: str) -> type[ClienteRest] | type[ClienteGrpc]:
    """A classe do locust que compra no alvo: URL do REST ou endereço e porta do gRPC."""
    classe = CLIENTES[alvo]
    proprio: dict[str, Any] = {"host": endereco, "chave": chave}
    if issubclass(classe, ClienteGrpc):
        proprio["canal"] = abrir_canal(endereco, OPCOES_DO_CANAL)
    return type("Comprador", (classe,), proprio)


def _da_falha(falha: grpc.RpcError) -> Desfecho:
    codigo, metadados = ler_erro(falha)
    numero = metadados.get("pedido_id")
    pedido_id = int(numero) if numero else None
    if falha.code() is grpc.StatusCode.FAILED_PRECONDITION:
        return RECUSADO, pedido_id
    if not codigo and falha.code() in SEM_OUVIR:
        return SEM_RESPOSTA, None
    return codigo or falha.code().name.lower(), pedido_id
