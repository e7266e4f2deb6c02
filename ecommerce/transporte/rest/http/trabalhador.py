"""O worker do gunicorn: conta o tempo de fila, e para sem esperar por conexões de reserva."""

from __future__ import annotations

import time
from types import FrameType
from typing import Any

from gunicorn.workers.gthread import (  # type: ignore[import-untyped]
    STOP_KEEPALIVE_LINGER,
    ThreadWorker,
)

from ecommerce.contexto import na_fila_s


class Trabalhador(ThreadWorker):
    """O `gthread`, com o tempo de fila contado e uma parada que não espera por quem nada pediu.

    Sem contar a fila, quem esperou nela começaria com o prazo inteiro, trabalhando por quem já
    desistiu de ouvir. As conexões que os navegadores abrem de reserva segurariam a parada por
    todo o `graceful_timeout`.
    """

    def enqueue_req(self, conn: Any) -> None:
        conn.enfileirada = time.monotonic()
        super().enqueue_req(conn)

    def handle(self, conn: Any) -> Any:
        na_fila_s.set(time.monotonic() - conn.enfileirada)
        return super().handle(conn)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        self.method_queue.defer(self._encurtar_a_espera)  # no laço, e não no meio dele

    def _encurtar_a_espera(self) -> None:
        limite = time.monotonic() + STOP_KEEPALIVE_LINGER
        for conexao in self.pending_conns:
            conexao.timeout = min(conexao.timeout, limite)
