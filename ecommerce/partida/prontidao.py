"""Se um serviço atende, por REST e por gRPC, onde escuta e onde o procuram; se há portas livres."""

from __future__ import annotations

import errno
import socket
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException

import grpc
import requests
from grpc_health.v1 import health_pb2, health_pb2_grpc

from ecommerce.ambiente import CHAVE_INTERNA
from ecommerce.servicos import Servico
from ecommerce.transporte.grpc.canal import abrir_canal
from ecommerce.transporte.rest.http.sessao import abrir_sessao

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


def por_que_nao_se_alcanca(servico: Servico) -> str | None:
    """Por que uma chamada de outro serviço não daria certo; None se daria, por REST e por gRPC."""
    if not atende_grpc(servico.alvo_grpc, servico.contrato):
        return f"não atende por gRPC em {servico.alvo_grpc}"
    url = f"{servico.url_rest}/operacoes"  # só a chave interna a lê, como o que há na cadeia
    with abrir_sessao(CHAVE_INTERNA.ler()) as http:
        try:
            resposta = http.get(
                url, params={"tamanho": 1}, timeout=_ESPERA_S, allow_redirects=False
            )
        except requests.RequestException as erro:
            return f"não atende por REST em {url}: {erro}"
    if resposta.status_code != HTTPStatus.OK:
        return f"respondeu {resposta.status_code} em {url}"
    return None


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
