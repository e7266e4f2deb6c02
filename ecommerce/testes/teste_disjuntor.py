"""O disjuntor: abre na falta, nunca na recusa, sonda com um só e não põe ninguém em fila."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from ecommerce.erros import Indisponivel
from ecommerce.transporte.disjuntor import FALTAS_PARA_ABRIR, PAUSA_S, Disjuntor


class Relogio:
    agora = 0.0

    def __call__(self) -> float:
        return self.agora


@pytest.fixture
def relogio() -> Relogio:
    return Relogio()


@pytest.fixture
def disjuntor(relogio: Relogio) -> Disjuntor:
    return Disjuntor("estoque", relogio)


def chamar(disjuntor: Disjuntor, erro: Exception | None = None, *, resposta: bool = False) -> None:
    with disjuntor.chamada(lambda _: resposta):
        if erro:
            raise erro


def abrir(disjuntor: Disjuntor) -> None:
    for _ in range(FALTAS_PARA_ABRIR):
        with suppress(ConnectionError):
            chamar(disjuntor, ConnectionError())


def aberto(disjuntor: Disjuntor) -> bool:
    try:
        chamar(disjuntor)
    except Indisponivel:
        return True
    return False


def teste_abre_depois_de_faltas_seguidas(disjuntor: Disjuntor) -> None:
    for _ in range(FALTAS_PARA_ABRIR - 1):
        with suppress(ConnectionError):
            chamar(disjuntor, ConnectionError())
    chamar(disjuntor)  # uma resposta no meio recomeça a conta
    assert not aberto(disjuntor)
    abrir(disjuntor)
    assert aberto(disjuntor)


def teste_recusar_e_responder(disjuntor: Disjuntor) -> None:
    for _ in range(3 * FALTAS_PARA_ABRIR):
        with suppress(ValueError):
            chamar(disjuntor, ValueError("recusado"), resposta=True)
    assert not aberto(disjuntor)


def teste_meio_aberto_deixa_passar_um_so(disjuntor: Disjuntor, relogio: Relogio) -> None:
    abrir(disjuntor)
    relogio.agora += PAUSA_S
    with disjuntor.chamada(lambda _: False):  # a sondagem
        assert aberto(disjuntor)
    assert not aberto(disjuntor)


def teste_sondagem_que_falha_abre_de_novo(disjuntor: Disjuntor, relogio: Relogio) -> None:
    abrir(disjuntor)
    relogio.agora += PAUSA_S
    with suppress(ConnectionError):
        chamar(disjuntor, ConnectionError())
    assert aberto(disjuntor)
    relogio.agora += PAUSA_S
    assert not aberto(disjuntor)


def teste_muitas_threads_e_uma_sondagem_so(disjuntor: Disjuntor, relogio: Relogio) -> None:
    abrir(disjuntor)
    relogio.agora += PAUSA_S
    todas, passaram = threading.Barrier(20), []

    def tentar(numero: int) -> None:
        todas.wait()
        with suppress(Indisponivel), disjuntor.chamada(lambda _: False):
            passaram.append(numero)
            time.sleep(0.2)

    with ThreadPoolExecutor(20) as threads:
        list(threads.map(tentar, range(20)))
    assert len(passaram) == 1


def teste_chamadas_seguem_em_paralelo(disjuntor: Disjuntor) -> None:
    def demorar(_: int) -> None:
        with disjuntor.chamada(lambda _: False):
            time.sleep(0.2)

    inicio = time.monotonic()
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(demorar, range(8)))
    assert time.monotonic() - inicio < 0.5
