"""O worker do gunicorn: conta o tempo de fila, diz os erros como nós, e para sem se demorar."""

from __future__ import annotations

import socket
import time
from contextlib import suppress
from contextvars import ContextVar
from types import FrameType
from typing import Any

from gunicorn.http.parser import RequestParser  # type: ignore[import-untyped]
from gunicorn.http.unreader import SocketUnreader  # type: ignore[import-untyped]
from gunicorn.workers.gthread import (  # type: ignore[import-untyped]
    STOP_KEEPALIVE_LINGER,
    ThreadWorker,
)

from ecommerce.contexto import na_fila_s
from ecommerce.transporte.rest.servidor_erros import FIM_DA_CABECA, accept_de, resposta_ao_erro

CABECA_MAXIMA = 256 * 1024  # até aqui se procura o Accept do que se recusa
ESPERA_PELA_CABECA_S = 1.0


class _Leitor(SocketUnreader):
    """O do gunicorn, que lembra o começo do que leu."""

    def __init__(self, tomada: socket.socket) -> None:
        super().__init__(tomada)
        self.lido = b""

    def recomecar(self) -> None:
        """A próxima requisição começa no que ainda não se usou."""
        self.lido = self.buf.getvalue()

    def chunk(self, size_hint: int | None = None) -> bytes:
        pedaco: bytes = super().chunk(size_hint)
        if len(self.lido) < CABECA_MAXIMA:
            self.lido += pedaco
        return pedaco

    def accept(self) -> str | None:
        """O Accept da requisição em curso, ainda que o gunicorn tenha parado de lê-la antes."""
        limite = time.monotonic() + ESPERA_PELA_CABECA_S
        with suppress(OSError):
            while (accept := accept_de(self.lido)) is None:
                if FIM_DA_CABECA.search(self.lido) or len(self.lido) >= CABECA_MAXIMA:
                    break
                self.sock.settimeout(max(0.001, limite - time.monotonic()))
                if not self.chunk():
                    break
        return accept


_leitor: ContextVar[_Leitor] = ContextVar("leitor")


class Trabalhador(ThreadWorker):
    """O `gthread`, com o tempo de fila contado, os erros dele na forma dos nossos e uma parada que
    não espera por quem nada pediu.

    Sem contar a fila, quem esperou nela começaria com o prazo inteiro, trabalhando por quem já
    desistiu de ouvir. As conexões que os navegadores abrem de reserva segurariam a parada por
    todo o `graceful_timeout`.
    """

    def enqueue_req(self, conn: Any) -> None:
        conn.enfileirada = time.monotonic()
        super().enqueue_req(conn)

    def handle(self, conn: Any) -> Any:
        na_fila_s.set(time.monotonic() - conn.enfileirada)
        if conn.parser is None:
            conn.parser = RequestParser(self.cfg, conn.sock, conn.client)
            conn.parser.unreader = _Leitor(conn.sock)
        leitor = conn.parser.unreader
        _leitor.set(leitor)
        leitor.recomecar()
        try:
            return super().handle(conn)
        finally:
            leitor.lido = b""  # uma conexão ociosa não guarda o último corpo

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: Exception) -> None:
        """Responde ao que o gunicorn não soube ler, e ele fecha a conexão."""
        self.log.warning("requisição recusada: %s", type(exc).__name__)
        resposta = resposta_ao_erro(exc, _leitor.get().accept())
        with suppress(OSError):  # quem mandou já não ouve
            client.settimeout(ESPERA_PELA_CABECA_S)
            client.sendall(resposta)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        self.method_queue.defer(self._encurtar_a_espera)  # no laço, e não no meio dele

    def _encurtar_a_espera(self) -> None:
        limite = time.monotonic() + STOP_KEEPALIVE_LINGER
        for conexao in self.pending_conns:
            conexao.timeout = min(conexao.timeout, limite)
