"""Um programa que não é deste sistema, atendendo onde se procurava um serviço dele."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent import futures
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import grpc

# o que responde a tudo: por HTTP, (status, tipo, corpo); por gRPC, (status, texto)
RespostaHttp = tuple[int, str, bytes]
RespostaGrpc = tuple[grpc.StatusCode, str]
RESPOSTAS: dict[str, tuple[RespostaHttp, RespostaGrpc]] = {
    # o que um serviço daqui diz a quem chega por um nome que ele não conhece
    "host errado": (
        (400, "application/problem+json", b'{"status": 400, "codigo": "entrada_invalida"}'),
        (grpc.StatusCode.INVALID_ARGUMENT, "Bad Request"),
    ),
    "regra alheia": (
        (422, "application/json", b'{"codigo": "sem_estoque", "detail": "out of stock"}'),
        (grpc.StatusCode.FAILED_PRECONDITION, "sem_estoque"),
    ),
    "conflito alheio": (
        (409, "application/problem+json", b'{"title": "Conflict", "status": 409}'),
        (grpc.StatusCode.ABORTED, "Conflict"),
    ),
    "endereço que não há": (
        (404, "text/html", b"<h1>Not Found</h1>"),
        (grpc.StatusCode.UNIMPLEMENTED, "unknown service"),
    ),
    "mudou de lugar": (
        (301, "text/html", b""),
        (grpc.StatusCode.NOT_FOUND, "moved"),
    ),
}


@contextmanager
def atendendo(resposta: str, transporte: str) -> Iterator[int]:
    """A porta em que o programa responde assim a tudo, enquanto dura o bloco."""
    por_http, por_grpc = RESPOSTAS[resposta]
    with _por_grpc(*por_grpc) if transporte == "grpc" else _por_http(*por_http) as porta:
        yield porta


@contextmanager
def _por_http(status: int, tipo: str, corpo: bytes) -> Iterator[int]:
    class Atendente(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(status)
            self.send_header("Content-Type", tipo)
            self.send_header("Content-Length", str(len(corpo)))
            if status == 301:
                self.send_header("Location", "https://example.com/")
            self.end_headers()
            self.wfile.write(corpo)

        def log_message(self, *_: Any) -> None:
            """Silêncio nos testes."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Atendente) as servidor:
        servidor.daemon_threads = True
        threading.Thread(target=servidor.serve_forever, args=(0.01,), daemon=True).start()
        yield servidor.server_address[1]
        servidor.shutdown()


class _Tudo(grpc.GenericRpcHandler):
    """Responde a qualquer método, lendo os bytes como vierem."""

    def __init__(self, codigo: grpc.StatusCode, texto: str) -> None:
        self._codigo, self._texto = codigo, texto

    def service(self, handler_call_details: Any) -> Any:
        return grpc.unary_unary_rpc_method_handler(self._recusar)

    def _recusar(self, _corpo: bytes, contexto: grpc.ServicerContext) -> None:
        contexto.abort(self._codigo, self._texto)


@contextmanager
def _por_grpc(codigo: grpc.StatusCode, texto: str) -> Iterator[int]:
    servidor = grpc.server(futures.ThreadPoolExecutor(4), handlers=[_Tudo(codigo, texto)])
    porta = servidor.add_insecure_port("127.0.0.1:0")
    servidor.start()
    yield porta
    servidor.stop(0).wait()
