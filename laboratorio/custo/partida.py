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

from ecommerce.servicos import SERVICOS
from laboratorio.sistema.amostras import memoria_bytes
from laboratorio.sistema.processos import RAIZ, Sistema, esperar

# o programa que o ./iniciar.sh executa, mas sem escrever um .env onde não havia
_PROGRAMA = (
    "from ecommerce.partida import iniciar; iniciar.escrever_env = lambda _: False; iniciar.main()"
)
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
            for nome in (servico, f"{servico}-grpc"):
                esperar(partial(sistema.atende, nome), ESPERA_S, f"{nome} pronto")
        segundos = time.monotonic() - comeco
        todos = [processo, *processo.children(recursive=True)]
        return Partida(segundos, sum(map(memoria_bytes, todos)) / 2**20, len(todos))


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
