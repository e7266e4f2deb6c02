"""A conexão HTTP de quem chama: o pedido numa escrita só, e a resposta inteira dentro do prazo."""

from __future__ import annotations

import io
import socket
import time
from http.client import HTTPResponse
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection


class _Leitura(io.RawIOBase):
    """O que chega pelo socket, enquanto não passa ao todo o tempo de espera que ele tem.

    O do próprio socket recomeça a cada byte. Levanta TimeoutError.
    """

    def __init__(self, tomada: socket.socket) -> None:
        self._tomada, self._bruta = tomada, tomada.makefile("rb", buffering=0)
        self._limite = time.monotonic() + (tomada.gettimeout() or 0)

    def readable(self) -> bool:
        return True

    def readinto(self, espaco: Any) -> int | None:
        resto_s = self._limite - time.monotonic()
        if resto_s <= 0:
            raise TimeoutError("a resposta não chegou inteira no prazo")
        self._tomada.settimeout(resto_s)
        return self._bruta.readinto(espaco)

    def close(self) -> None:
        self._bruta.close()
        super().close()


class _Resposta(HTTPResponse):
    """A resposta cujo tempo de espera (sempre há um) vale para ela toda."""

    def __init__(self, sock: socket.socket, *args: Any, **opcoes: Any) -> None:
        super().__init__(sock, *args, **opcoes)
        self.fp.close()
        self.fp = io.BufferedReader(_Leitura(sock))


class Conexao(HTTPConnection):
    """A do urllib3 escreve duas vezes: são mais dois pacotes, e acordar duas vezes quem atende."""

    response_class = _Resposta
    _partes: list[bytes] | None = None

    def request(self, *args: Any, **opcoes: Any) -> None:
        partes: list[bytes] = []
        self._partes = partes
        try:
            super().request(*args, **opcoes)
        finally:
            self._partes = None
        super().send(b"".join(partes))

    def send(self, data: Any) -> None:
        if self._partes is None:
            super().send(data)
        else:
            self._partes.append(data)


class _ConexaoComTLS(HTTPSConnection):
    response_class = _Resposta


class _Conexoes(HTTPConnectionPool):
    ConnectionCls = Conexao


class _ConexoesComTLS(HTTPSConnectionPool):
    ConnectionCls = _ConexaoComTLS


class Adaptador(HTTPAdapter):
    """O do requests, com as nossas conexões."""

    def init_poolmanager(self, *args: Any, **opcoes: Any) -> None:
        super().init_poolmanager(*args, **opcoes)
        self.poolmanager.pool_classes_by_scheme = {"http": _Conexoes, "https": _ConexoesComTLS}
