"""Dentro do processo examinado: ao primeiro SIGPROF, começa a anotar o que a CPU executa.

O Python o importa ao iniciar (está no PYTHONPATH). O temporizador só anda com a CPU do processo,
e o kernel o entrega a quem a gasta: o que espera não conta, nem fora nem dentro do GIL.
"""

import faulthandler
import os
import signal
import threading
from pathlib import Path

INTERVALO_S = 0.002  # o kernel arredonda para o seu tique, 4 ms onde ele é de 250 Hz


def _comecar(*_: object) -> None:
    """Anota em `<pid>.pilhas`, no DADOS_DIR, as threads Python e, daí em diante, as pilhas."""
    arquivo = (Path(os.environ["DADOS_DIR"]) / f"{os.getpid()}.pilhas").open("wb", buffering=0)
    faulthandler.register(signal.SIGPROF, arquivo, all_threads=False)
    signal.setitimer(signal.ITIMER_PROF, INTERVALO_S, INTERVALO_S)
    threads = " ".join(str(thread.native_id) for thread in threading.enumerate())
    arquivo.write(f"{threads}\n".encode())


signal.signal(signal.SIGPROF, _comecar)
