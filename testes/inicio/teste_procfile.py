"""O que está no ar não para porque a saída enche, se fecha ou ninguém a lê."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import IO

import psutil
import pytest

from ecommerce.partida.prontidao import atende_rest
from ecommerce.servicos import SERVICOS
from laboratorio.sistema.processos import RAIZ, ambiente_de_teste, esperar, porta_base_livre
from testes.apoio.inicio import clonar

NO_AR = """
import signal, sys
from pathlib import Path
from ecommerce.partida.procfile import processos_do_procfile
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
with processos_do_procfile(Path(sys.argv[1])):
    while True:
        signal.pause()
"""
# diz um número por vez, e anota num arquivo o último que conseguiu dizer
CONTAR = """
import sys, time
from pathlib import Path
for numero in range(int(sys.argv[1])):
    print(numero, "x" * 100, flush=True)
    if numero % 100 == 0:
        Path("dito").write_text(str(numero))
        time.sleep(float(sys.argv[2]))
Path("dito").write_text("tudo")
time.sleep(600)
"""
FOLGA_DE_MEMORIA = 25 * 2**20
NoAr = Callable[..., psutil.Popen]


@pytest.fixture
def no_ar(tmp_path: Path) -> Iterator[NoAr]:
    """Põe no ar um Procfile de uma linha, que conta até `quantos` com pausas a cada cem."""
    postos: list[psutil.Popen] = []

    def por(saida: int | IO[bytes], quantos: int = 10**9, pausa_s: float = 0.1) -> psutil.Popen:
        (tmp_path / "contar.py").write_text(CONTAR)
        procfile = tmp_path / "Procfile"
        procfile.write_text(f"contar: exec {sys.executable} contar.py {quantos} {pausa_s}\n")
        ambiente = ambiente_de_teste(tmp_path, PRAZO_CHECKOUT_MS="500")
        comando = [sys.executable, "-c", NO_AR, str(procfile)]
        postos.append(psutil.Popen(comando, cwd=RAIZ, env=ambiente, stdout=saida))
        esperar((tmp_path / "dito").exists, 10, "começar a contar")
        return postos[-1]

    yield por
    for posto in postos:
        if posto.is_running():
            for processo in [posto, *posto.children(recursive=True)]:
                processo.kill()
        posto.wait()


def parar(processo: psutil.Popen) -> None:
    """Para em ordem, e não deixa ninguém."""
    filhos = processo.children(recursive=True)
    processo.terminate()
    assert processo.wait(6) == 0
    assert not [filho for filho in filhos if filho.is_running()]


def teste_quem_nao_le_a_saida_nao_para_os_processos_nem_enche_a_memoria(
    no_ar: NoAr, tmp_path: Path
) -> None:
    # dado um terminal parado com Ctrl-S: a saída é um cano que ninguém lê
    quantas = 500_000
    processo = no_ar(subprocess.PIPE, quantas, 0)
    memoria = processo.memory_info().rss
    esperar(lambda: (tmp_path / "dito").read_text() == "tudo", 60, "contar até o fim")
    assert processo.memory_info().rss < memoria + FOLGA_DE_MEMORIA
    # quando se volta a ler, cada linha está lá ou entre as que se diz que se perderam
    contadas = lidas = 0
    for linha in processo.stdout:
        perdidas = re.fullmatch(rb"\((\d+) linhas de log perdidas\)\n", linha)
        lidas += not perdidas
        contadas += int(perdidas[1]) if perdidas else 1
        if contadas == quantas:
            break
    assert lidas < quantas
    parar(processo)


def teste_com_o_terminal_fechado_tudo_segue_e_para_em_ordem(no_ar: NoAr, tmp_path: Path) -> None:
    mestre, escravo = pty.openpty()
    processo = no_ar(escravo, pausa_s=0)
    os.close(escravo)
    esperar(lambda: b"contar" in os.read(mestre, 100), 5, "a primeira linha")
    os.close(mestre)
    dito = _dito(tmp_path)
    memoria = processo.memory_info().rss
    time.sleep(3)
    assert _dito(tmp_path) > dito + 1000
    assert processo.memory_info().rss < memoria + FOLGA_DE_MEMORIA
    parar(processo)


def teste_o_log_continua_quando_o_disco_volta_a_ter_lugar(no_ar: NoAr, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with log.open("wb") as saida:
        processo = no_ar(saida)
    cheio = log.stat().st_size + 10_000
    processo.rlimit(psutil.RLIMIT_FSIZE, (cheio, psutil.RLIM_INFINITY))
    esperar(lambda: log.stat().st_size == cheio, 10, "o disco encher")
    time.sleep(0.5)
    processo.rlimit(psutil.RLIMIT_FSIZE, (psutil.RLIM_INFINITY, psutil.RLIM_INFINITY))
    esperar(lambda: b"linhas de log perdidas)" in log.read_bytes(), 5, "o log continuar")
    parar(processo)


def teste_a_linha_que_a_maquina_nao_deixou_comecar_comeca_depois(
    no_ar: NoAr, tmp_path: Path
) -> None:
    with (tmp_path / "log").open("wb") as saida:
        processo = no_ar(saida)
    # dado um limite de arquivos abertos já alcançado, e o processo que cai
    (filho,) = processo.children()
    livres = processo.rlimit(psutil.RLIMIT_NOFILE)
    processo.rlimit(psutil.RLIMIT_NOFILE, (3, livres[1]))
    filho.kill()
    motivo = "contar | não começa: [Errno 24]"
    esperar(lambda: motivo in (tmp_path / "log").read_text(), 5, "dizer por que não começa")
    # quando há arquivos de novo, então recomeça
    processo.rlimit(psutil.RLIMIT_NOFILE, livres)
    esperar(processo.children, 5, "recomeçar")
    parar(processo)


def teste_o_sistema_inteiro_comeca_e_para_sem_ter_onde_escrever(tmp_path: Path) -> None:
    clone, base = clonar(tmp_path), porta_base_livre()
    portas = {"PORTA_REST_BASE": str(base), "PORTA_GRPC_BASE": str(base + len(SERVICOS))}
    with Path("/dev/full").open("wb") as cheio:
        processo = psutil.Popen(
            [sys.executable, "-m", "ecommerce.partida.iniciar"],
            cwd=clone,
            env=ambiente_de_teste(tmp_path / "dados", **portas),
            stdout=cheio,
            stderr=cheio,
        )
    try:
        for posicao in range(len(SERVICOS)):
            esperar(partial(atende_rest, "127.0.0.1", base + posicao), 60, "os serviços no ar")
        time.sleep(2)  # já se apresentou, e segue
        assert processo.poll() is None
    finally:
        processo.terminate()
        codigo = processo.wait(15)
    assert codigo == 0


def _dito(pasta: Path) -> int:
    """Quantas linhas o programa já disse; o arquivo pode estar sendo reescrito agora."""
    return int(esperar((pasta / "dito").read_text, 5, "o programa contar"))
