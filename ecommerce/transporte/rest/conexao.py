"""A conexão HTTP de quem chama: cabeçalhos e corpo numa escrita só."""

from __future__ import annotations

from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection


class Conexao(HTTPConnection):
    """A do urllib3 escreve duas vezes: são mais dois pacotes, e acordar duas vezes quem atende."""

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


class _Conexoes(HTTPConnectionPool):
    ConnectionCls = Conexao


class Adaptador(HTTPAdapter):
    """O do requests, com a nossa conexão onde não há TLS."""

    def init_poolmanager(self, *args: Any, **opcoes: Any) -> None:
        super().init_poolmanager(*args, **opcoes)
        self.poolmanager.pool_classes_by_scheme = {
            "http": _Conexoes,
            "https": HTTPSConnectionPool,
        }
