"""O aviso, de um processo de pedidos a outro, de que ficou um pedido por retomar.

É um FIFO em DADOS_DIR: quem deixa o pedido para trás escreve nele sem esperar, e o `retomar`
acorda na hora. Sem ninguém lendo, o aviso se perde e o intervalo do `retomar` basta.
"""

from __future__ import annotations

import os
import select
from contextlib import suppress
from pathlib import Path

from django.conf import settings


def tocar() -> None:
    """Acorda o `retomar`, se há um; nunca espera nem falha."""
    with suppress(OSError):
        aviso = os.open(_fifo(), os.O_WRONLY | os.O_NONBLOCK)
        try:
            os.write(aviso, b"!")
        finally:
            os.close(aviso)


class Despertador:
    """O lado de quem dorme."""

    def __init__(self) -> None:
        with suppress(FileExistsError):
            os.mkfifo(_fifo(), 0o600)
        # aberto também para escrita: senão cada aviso que se fecha seria um fim de arquivo
        self._avisos = os.open(_fifo(), os.O_RDWR | os.O_NONBLOCK)

    def dormir(self, segundos: float) -> None:
        """Volta quando alguém toca ou o tempo passa."""
        prontos, _, _ = select.select([self._avisos], [], [], segundos)
        if prontos:
            with suppress(BlockingIOError):  # outro `retomar` leu antes
                os.read(self._avisos, 4096)

    def fechar(self) -> None:
        os.close(self._avisos)


def _fifo() -> Path:
    return Path(settings.DADOS_DIR) / "retomar.aviso"
