"""Quanto o `./iniciar.sh` demora a pôr tudo no ar, e quanta memória ocupa quando fica pronto."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import psutil

from ecommerce.prontidao import atende_grpc, atende_rest
from ecommerce.servicos import SERVICOS
from laboratorio.sistema import RAIZ, Sistema, esperar

# o programa que o ./iniciar.sh executa, mas sem escrever um .env onde não havia
_PROGRAMA = "from ecommerce import sistema; sistema.escrever_env = lambda _: False; sistema.main()"
ESPERA_S = 60


@dataclass(frozen=True)
class Partida:
    """Segundos até todos os serviços atenderem, e a memória (MB, PSS) de todos os processos."""

    segundos: float
    memoria_mb: float
    processos: int


def medir_partida(sistema: Sistema) -> Partida:
    """Um segundo início, com os bancos prontos: supervisores e tudo; no fim, ninguém fica."""
    comeco = time.monotonic()
    with _no_ar(sistema) as processo:
        for servico in SERVICOS:
            esperar(partial(_atende, sistema, servico), ESPERA_S, f"{servico} pronto")
        segundos = time.monotonic() - comeco
        todos = [processo, *processo.children(recursive=True)]
        return Partida(segundos, sum(map(_pss_mb, todos)), len(todos))


@contextmanager
def _no_ar(sistema: Sistema) -> Iterator[psutil.Process]:
    with (sistema.pasta / "partida.log").open("ab") as log:
        inicio = subprocess.Popen(  # noqa: S603 - o comando é do projeto
            [sys.executable, "-c", _PROGRAMA],
            cwd=RAIZ,
            env=sistema.ambiente,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield psutil.Process(inicio.pid)
    finally:
        inicio.terminate()
        inicio.wait()


def _atende(sistema: Sistema, servico: str) -> bool:
    porta_rest = sistema.porta_base + SERVICOS[servico].posicao
    return atende_rest("127.0.0.1", porta_rest) and atende_grpc(
        sistema.alvo(servico), SERVICOS[servico].contrato
    )


def _pss_mb(processo: psutil.Process) -> float:
    """A memória do processo, com as páginas divididas por quem as partilha (só o Linux sabe)."""
    inteira = processo.memory_full_info()
    return float(getattr(inteira, "pss", inteira.rss)) / 2**20
