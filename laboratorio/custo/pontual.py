"""As medidas do custo que não são carga: os commits de um checkout e a vazão do catálogo."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http import HTTPStatus
from http.client import HTTPConnection
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

import requests

from ecommerce.contratos import pedido_pb2, pedido_pb2_grpc
from ecommerce.transporte.grpc.canal import abrir_canal
from laboratorio.carga.encomendas import encomendas
from laboratorio.carga.medicao import NoAr
from laboratorio.custo.commits import contando_commits
from laboratorio.receita import receita_pb2, receita_pb2_grpc
from laboratorio.sistema.amostras import cpu_s
from laboratorio.sistema.processos import CHAVES

CONTADOS = 10
CONEXOES = 4
AQUECIMENTO_S = 0.5
ESPERA_S = 30
CREDENCIAL = f"Bearer {CHAVES['CHAVE_LOJA']}"
CONTRATOS: dict[str, tuple[Any, Any]] = {
    "grpc": (pedido_pb2_grpc.PedidoStub, pedido_pb2.CriarPedidoRequest),
    "receita-grpc": (receita_pb2_grpc.PedidoStub, receita_pb2.PedidoRequest),
}


def commits_por_checkout(alvo: str, sistema: NoAr, semente: int) -> dict[str, float]:
    """Os commits de cada banco por checkout, um por vez; levanta RuntimeError se um não conclui."""
    comprar = _por_grpc if alvo in CONTRATOS else _por_rest
    with contando_commits(sistema.pasta) as desde_entao:
        for corpo in islice(encomendas(semente), CONTADOS):
            if (status := comprar(alvo, sistema, corpo)) != "enviado":
                raise RuntimeError(f"{alvo}: o pedido ficou {status}")
        return {banco: commits / CONTADOS for banco, commits in desde_entao().items()}


def produtos_por_segundo(sistema: NoAr, segundos: float) -> float:
    """Quantos GET /produtos um núcleo serve: 1 / CPU (s) que cada um custa ao sistema todo.

    Levanta RuntimeError se alguma resposta não é 200.
    """
    _pedinte(sistema.url("catalogo"), AQUECIMENTO_S)()
    pedir = _pedinte(sistema.url("catalogo"), segundos)
    antes = sum(cpu_s(sistema.processos).values())
    with ThreadPoolExecutor(CONEXOES) as conexoes:
        respostas = sum(conexoes.map(lambda _: pedir(), range(CONEXOES)))
    return respostas / (sum(cpu_s(sistema.processos).values()) - antes)


def _por_rest(_alvo: str, sistema: NoAr, corpo: dict[str, Any]) -> str:
    with requests.Session() as http:
        http.trust_env = False
        http.headers["Authorization"] = CREDENCIAL
        pedido = http.post(f"{sistema.url('pedidos')}/pedidos", json=corpo, timeout=ESPERA_S)
    return str(pedido.json()["status"])


def _por_grpc(alvo: str, sistema: NoAr, corpo: dict[str, Any]) -> str:
    stub, pedido = CONTRATOS[alvo]
    with abrir_canal(sistema.alvo("pedidos")) as canal:
        resposta = stub(canal).CriarPedido(
            pedido(**corpo), metadata=(("authorization", CREDENCIAL),), timeout=ESPERA_S
        )
    return str(resposta.status)


def _pedinte(url: str, segundos: float) -> Callable[[], int]:
    """Uma função que pede sem parar numa conexão só e devolve quantas respostas vieram."""
    # com chave, porque os anônimos têm um limite por minuto
    cabecalhos = {"Authorization": CREDENCIAL}

    def pedir() -> int:
        limite, quantas = time.monotonic() + segundos, 0
        with closing(HTTPConnection(urlsplit(url).netloc, timeout=ESPERA_S)) as conexao:
            while time.monotonic() < limite:
                conexao.request("GET", "/produtos", headers=cabecalhos)
                resposta = conexao.getresponse()
                resposta.read()
                if resposta.status != HTTPStatus.OK:
                    raise RuntimeError(f"GET /produtos: {resposta.status}")
                quantas += 1
        return quantas

    return pedir
