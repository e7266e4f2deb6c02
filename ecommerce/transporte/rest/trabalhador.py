"""O worker do gunicorn, que para sem esperar por quem abriu uma conexão e nada pediu."""

from __future__ import annotations

import time
from types import FrameType

from gunicorn.workers.gthread import (  # type: ignore[import-untyped]
    STOP_KEEPALIVE_LINGER,
    ThreadWorker,
)


class Trabalhador(ThreadWorker):
    """O `gthread`, que só às conexões que já pediram algo encurta a espera ao parar.

    As outras, que os navegadores abrem de reserva, segurariam a parada por todo o
    `graceful_timeout`.
    """

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        self.method_queue.defer(self._encurtar_a_espera)  # no laço, e não no meio dele

    def _encurtar_a_espera(self) -> None:
        limite = time.monotonic() + STOP_KEEPALIVE_LINGER
        for conexao in self.pending_conns:
            conexao.timeout = min(conexao.timeout, limite)
