"""O aviso ao `retomar`: acorda todos na hora, e não deixa nos dados o que não se copia."""

from __future__ import annotations

import os
import stat
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from pedidos.despertador import Despertador, tocar


@pytest.fixture(autouse=True)
def dados(tmp_path: Path, settings: Any) -> Path:
    settings.DADOS_DIR = tmp_path
    return tmp_path


def levou(fazer: Callable[[], object]) -> float:
    inicio = time.monotonic()
    fazer()
    return time.monotonic() - inicio


def teste_acorda_na_hora_todos_os_que_dormem() -> None:
    despertadores = [Despertador(), Despertador()]
    despertadores[0].dormir(0, Event())  # o segundo, ao chegar, acorda o primeiro
    with ThreadPoolExecutor(2) as dormindo:
        sonos = [dormindo.submit(levou, partial(d.dormir, 10, Event())) for d in despertadores]
        time.sleep(0.3)
        tocar()
        assert all(0.25 < sono.result() < 2 for sono in sonos)
    # um aviso acorda uma vez só
    assert levou(lambda: despertadores[0].dormir(0.3, Event())) >= 0.3


def teste_o_aviso_de_antes_de_dormir_tambem_acorda() -> None:
    despertador = Despertador()
    tocar()
    assert levou(lambda: despertador.dormir(10, Event())) < 0.1


def teste_acorda_quando_mandam_parar() -> None:
    parar = Event()
    threading.Timer(0.1, parar.set).start()
    assert levou(lambda: Despertador().dormir(10, parar)) < 2


def teste_sem_ninguem_dormindo_nao_atrapalha(dados: Path) -> None:
    tocar()
    assert list(dados.iterdir()) == []


@pytest.mark.parametrize("havia_um_fifo", [False, True])
def teste_e_um_arquivo_vazio_so_do_dono(dados: Path, havia_um_fifo: bool) -> None:
    if havia_um_fifo:  # de uma versão anterior
        os.mkfifo(dados / "retomar.aviso")
    Despertador()
    tocar()
    (aviso,) = dados.iterdir()
    assert stat.filemode(aviso.stat().st_mode) == "-rw-------"
    assert aviso.read_bytes() == b""
