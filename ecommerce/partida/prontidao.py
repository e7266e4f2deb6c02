"""Se um serviço atende, por REST e por gRPC, e se as portas dele estão livres."""

from __future__ import annotations

import errno
import socket
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from ecommerce.transporte.grpc.canal import abrir_canal

_ESPERA_S = 2


def atende_rest(endereco: str, porta: int) -> bool:
    """Se `/prontidao` responde 200."""
    conexao = HTTPConnection(endereco.strip("[]"), porta, timeout=_ESPERA_S)
    try:
        conexao.request("GET", "/prontidao")
        return conexao.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False
    finally:
        conexao.close()


def atende_grpc(alvo: str, contrato: str) -> bool:
    """Se o serviço de saúde diz SERVING para `contrato` (pacote.Serviço)."""
    with abrir_canal(alvo) as canal:
        requisicao = health_pb2.HealthCheckRequest(service=contrato)
        try:
            resposta = health_pb2_grpc.HealthStub(canal).Check(requisicao, timeout=_ESPERA_S)
        except grpc.RpcError:
            return False
    return bool(resposta.status == health_pb2.HealthCheckResponse.SERVING)


def por_que_nao_escuta(endereco: str, porta: int) -> str | None:
    """O motivo de não se poder escutar na porta; None se ela está livre."""
    familia = socket.AF_INET6 if ":" in endereco else socket.AF_INET
    with socket.socket(familia, socket.SOCK_STREAM) as tomada:
        tomada.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tomada.bind((endereco.strip("[]"), porta))
        except (OSError, OverflowError) as erro:
            ocupada = isinstance(erro, OSError) and erro.errno == errno.EADDRINUSE
            return "já está em uso" if ocupada else f"não serve ({erro})"
    return None
