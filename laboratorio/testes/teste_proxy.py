"""O proxy que estraga a conversa: por HTTP e por gRPC, cada defeito e a volta ao normal."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import grpc
import pytest
import requests

from ecommerce.contratos import catalogo_pb2, catalogo_pb2_grpc
from ecommerce.transporte.grpc.canal import abrir_canal
from laboratorio.sistema.processos import Sistema, esperar
from laboratorio.sistema.proxy import Defeito, Proxy

PACIENCIA_S = 1.0
Perguntar = Callable[[], int]
FALHAS = (requests.ConnectionError, requests.Timeout, grpc.RpcError)


@pytest.fixture(params=["rest", "grpc"])
def conversa(request: pytest.FixtureRequest, sistema: Sistema) -> Iterator[tuple[Proxy, Perguntar]]:
    """Um proxy diante do catálogo, e quem lhe pergunta os produtos e os conta."""
    if request.param == "rest":
        endereco = urlsplit(sistema.url("catalogo"))
        destino = (str(endereco.hostname), endereco.port or 0)
        with Proxy(destino) as proxy, requests.Session() as http:
            http.trust_env = False
            url = f"http://127.0.0.1:{proxy.porta}/produtos"
            yield proxy, lambda: len(http.get(url, timeout=PACIENCIA_S).json())
        return
    anfitriao, _, porta = sistema.alvo("catalogo").partition(":")
    opcoes = [(f"grpc.{qual}_reconnect_backoff_ms", 100) for qual in ("initial", "min", "max")]
    with (
        Proxy((anfitriao, int(porta))) as proxy,
        abrir_canal(f"127.0.0.1:{proxy.porta}", opcoes) as canal,
    ):
        listar = catalogo_pb2_grpc.CatalogoStub(canal).ListarProdutos
        vazio = catalogo_pb2.ListarProdutosRequest()
        yield proxy, lambda: len(listar(vazio, timeout=PACIENCIA_S, wait_for_ready=True).produtos)


def segundos(perguntar: Perguntar) -> float:
    inicio = time.monotonic()
    assert perguntar() > 0
    return time.monotonic() - inicio


def responde(perguntar: Perguntar) -> bool:
    """Se há resposta; quem tinha uma conexão estragada descobre isso na primeira tentativa."""
    try:
        return perguntar() > 0
    except FALHAS:
        return False


def teste_sem_defeito_tudo_passa(conversa: tuple[Proxy, Perguntar]) -> None:
    _, perguntar = conversa
    segundos(perguntar)
    assert segundos(perguntar) < 0.3


def teste_o_atraso_soma_ao_tempo_de_cada_chamada(conversa: tuple[Proxy, Perguntar]) -> None:
    proxy, perguntar = conversa
    segundos(perguntar)
    proxy.defeito = Defeito(atraso_s=0.5)
    assert 0.5 <= segundos(perguntar) < PACIENCIA_S


def teste_a_banda_estreita_demora_conforme_o_tamanho(conversa: tuple[Proxy, Perguntar]) -> None:
    proxy, perguntar = conversa
    segundos(perguntar)
    depressa = segundos(perguntar)
    proxy.defeito = Defeito(bytes_por_s=3000)
    assert segundos(perguntar) > depressa + 0.05


@pytest.mark.parametrize("defeito", [Defeito(cortar=True), Defeito(engolir_respostas=True)])
def teste_cortada_ou_muda_a_conversa_falha_e_depois_volta(
    defeito: Defeito, conversa: tuple[Proxy, Perguntar]
) -> None:
    proxy, perguntar = conversa
    segundos(perguntar)
    proxy.defeito = defeito
    with pytest.raises(FALHAS):
        perguntar()
    proxy.defeito = Defeito()
    esperar(lambda: responde(perguntar), 5, "a conversa voltar")


def teste_diante_de_ninguem_recusa_como_ninguem_recusaria() -> None:
    with Proxy(("127.0.0.1", 1)) as proxy, pytest.raises(requests.ConnectionError):
        requests.get(f"http://127.0.0.1:{proxy.porta}/", timeout=PACIENCIA_S)
