"""O aviso, de um processo de pedidos a outro, de que ficou um pedido por retomar.

É a hora de um arquivo vazio em DADOS_DIR: quem deixa o pedido para trás a muda, e os `retomar`,
que a olham a todo instante, acordam. Um FIFO pouparia olhar, mas não se copia com os dados.
"""

from __future__ import annotations

import os
import threading
import time
from contextlib import suppress
from pathlib import Path

from django.conf import settings

OLHAR_A_CADA_S = 0.1


def tocar() -> None:
    """Acorda os `retomar` que há; nunca espera nem falha. Perdido o aviso, o intervalo basta."""
    agora = time.time_ns()  # a hora que o sistema daria só muda a cada 4 ms
    with suppress(OSError):
        os.utime(_aviso(), ns=(agora, agora))


class Despertador:
    """O lado de quem dorme."""

    def __init__(self) -> None:
        if _aviso().is_fifo():  # o de uma versão anterior
            _aviso().unlink(missing_ok=True)
        _aviso().touch(0o600)
        self._ouvido = _toque()

    def dormir(self, segundos: float, parar: threading.Event) -> None:
        """Volta quando alguém toca, o tempo passa ou mandam parar."""
        limite = time.monotonic() + segundos
        while _toque() == self._ouvido and time.monotonic() < limite and not parar.is_set():
            time.sleep(OLHAR_A_CADA_S)
        self._ouvido = _toque()


def _toque() -> int:
    return _aviso().stat().st_mtime_ns


def _aviso() -> Path:
    return Path(settings.DADOS_DIR) / "retomar.aviso"
