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

Supervisionar = Callable[..., psutil.Popen]
# o fim de um Python leva um instante depois de ele devolver os sinais ao padrão; aqui, um segundo
FIM_DEMORADO = """
import sys, time
class Demorado:
    def __del__(self, dormir=time.sleep):
        dormir(1)
sys.demorado = Demorado()
"""


@pytest.fixture
def supervisionar() -> Iterator[Supervisionar]:
    supervisores: list[psutil.Popen] = []

    def comecar(programa: str, stderr: int | None = None, **variaveis: str) -> psutil.Popen:
        supervisor = [sys.executable, "-m", "ecommerce.partida.supervisor"]
        comando = [*supervisor, sys.executable, "-c", programa]
        ambiente = os.environ | {"PRAZO_CHECKOUT_MS": str(PRAZO_MS)} | variaveis
        supervisores.append(psutil.Popen(comando, cwd=RAIZ, env=ambiente, stderr=stderr))
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


@pytest.mark.parametrize("sinal", [signal.SIGINT, signal.SIGTERM])
def teste_parado_acaba_com_o_codigo_do_comando_e_nao_por_um_sinal(
    supervisionar: Supervisionar, tmp_path: Path, sinal: signal.Signals
) -> None:
    (tmp_path / "sitecustomize.py").write_text(FIM_DEMORADO)
    pronto = tmp_path / "pronto"
    supervisor = supervisionar(
        "import os, signal, time; signal.signal(signal.SIGTERM, lambda *_: os._exit(7));"
        f"open({str(pronto)!r}, 'w').close(); time.sleep(60)",
        PYTHONPATH=str(tmp_path),
    )
    esperar(pronto.exists, 5, "o comando")
    (comando,) = supervisor.children()

    supervisor.send_signal(sinal)
    esperar(lambda: not comando.is_running(), 2, "o fim do comando")
    time.sleep(0.2)
    supervisor.send_signal(sinal)  # como um Ctrl-C repetido; o despertador toca a cada 0,5 s

    assert supervisor.wait(5) == 7


def teste_sem_onde_dizer_que_o_comando_caiu_ele_recomeca(supervisionar: Supervisionar) -> None:
    with Path("/dev/full").open("wb") as cheio:
        supervisor = supervisionar("import time; time.sleep(60)", stderr=cheio.fileno())
    esperar(supervisor.children, 5, "o comando")
    (caido,) = supervisor.children()
    caido.kill()
    esperar(lambda: [p for p in supervisor.children() if p.pid != caido.pid], 3, "o recomeço")


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
