"""O corpo de uma requisição antes do Django: até onde se lê, e quando vem sem tamanho."""

from __future__ import annotations

import io
from typing import Any, Protocol
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from django.conf import settings


class Lido(Protocol):
    """De onde se lê um corpo: o `wsgi.input` ou a requisição do Django."""

    def read(self, tamanho: int, /) -> bytes: ...


# um corpo recusado é lido até aqui: fechar com ele no caminho faria o cliente perder a resposta
DESCARTE_MAXIMO = 16 * 1024 * 1024


def com_tamanho(aplicacao: WSGIApplication) -> WSGIApplication:
    """Dá tamanho aos corpos em pedaços (`Transfer-Encoding: chunked`), que o Django não lê."""

    def servir(environ: WSGIEnvironment, start_response: StartResponse) -> Any:
        if "HTTP_TRANSFER_ENCODING" in environ:
            entrada: Any = environ["wsgi.input"]
            corpo = entrada.read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
            resto = descartar(entrada, DESCARTE_MAXIMO)
            environ["wsgi.input"] = io.BytesIO(corpo)
            environ["CONTENT_LENGTH"] = str(len(corpo) + resto)
        return aplicacao(environ, start_response)

    return servir


def descartar(entrada: Lido, maximo: int) -> int:
    """Lê e joga fora até `maximo` bytes; devolve quantos havia."""
    lidos = 0
    while lidos < maximo and (pedaco := entrada.read(min(maximo - lidos, 65_536))):
        lidos += len(pedaco)
    return lidos
