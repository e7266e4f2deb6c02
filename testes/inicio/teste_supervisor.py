"""O supervisor de uma linha do Procfile, com comandos pequenos no lugar dos serviços."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from laboratorio.sistema.processos import RAIZ, esperar

PRAZO_MS = 500
FOLGA_S = 3  # o que o supervisor acrescenta ao prazo do checkout

Supervisionar = Callable[[str], psutil.Popen]


@pytest.fixture
def supervisionar() -> Iterator[Supervisionar]:
    supervisores: list[psutil.Popen] = []

    def comecar(programa: str) -> psutil.Popen:
        supervisor = [sys.executable, "-m", "ecommerce.partida.supervisor"]
        comando = [*supervisor, sys.executable, "-c", programa]
        ambiente = os.environ | {"PRAZO_CHECKOUT_MS": str(PRAZO_MS)}
        supervisores.append(psutil.Popen(comando, cwd=RAIZ, env=ambiente))
        return supervisores[-1]

    yield comecar
    for supervisor in supervisores:
        if supervisor.is_running():
            for processo in [supervisor, *supervisor.children(recursive=True)]:
                processo.kill()
        supervisor.wait()


def teste_quem_ignora_o_sigterm_e_morto_depois_do_prazo(
    supervisionar: Supervisionar, tmp_path: Path
) -> None:
    supervisor, surdo = _comecar_surdo(supervisionar, tmp_path)
    comeco = time.monotonic()

    supervisor.terminate()
    supervisor.wait(PRAZO_MS / 1000 + FOLGA_S + 2)

    assert time.monotonic() - comeco >= PRAZO_MS / 1000 + FOLGA_S
    assert not surdo.is_running()


def teste_o_segundo_sinal_mata_na_hora(supervisionar: Supervisionar, tmp_path: Path) -> None:
    supervisor, surdo = _comecar_surdo(supervisionar, tmp_path)

    supervisor.terminate()
    time.sleep(0.2)
    supervisor.terminate()

    supervisor.wait(1)
    assert not surdo.is_running()


def teste_quem_cai_em_serie_recomeca_com_pausas(
    supervisionar: Supervisionar, tmp_path: Path
) -> None:
    marcas = tmp_path / "marcas"
    supervisionar(f"open({str(marcas)!r}, 'a').write('x')")

    time.sleep(3)

    comecos = len(marcas.read_text())
    assert 3 <= comecos <= 5, f"recomeçou {comecos} vezes em 3 s"


def teste_orfaos_do_comando_morto_sao_mortos_antes_do_recomeco(
    supervisionar: Supervisionar,
) -> None:
    # dado um comando com um filho, como o gunicorn e o seu worker
    supervisor = supervisionar(
        "import subprocess, time; subprocess.Popen(['sleep', '60']); time.sleep(60)"
    )
    esperar(lambda: len(supervisor.children(recursive=True)) == 2, 5, "comando e filho")
    comando, filho = supervisor.children(recursive=True)

    # quando o comando leva um kill -9
    comando.send_signal(signal.SIGKILL)

    # então o filho morre também, e o comando recomeça
    esperar(lambda: not filho.is_running(), 2, "a morte do órfão")
    esperar(supervisor.children, 2, "o recomeço")
    assert supervisor.children()[0].pid != comando.pid


def _comecar_surdo(
    supervisionar: Supervisionar, pasta: Path
) -> tuple[psutil.Popen, psutil.Process]:
    """Um supervisor e o comando dele, que já ignora o SIGTERM."""
    marca = pasta / "surdo"
    supervisor = supervisionar(
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        f"open({str(marca)!r}, 'w').close(); time.sleep(60)"
    )
    esperar(marca.exists, 5, "o comando ignorar o SIGTERM")
    return supervisor, supervisor.children()[0]
