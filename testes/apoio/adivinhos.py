"""Quem adivinha a senha do admin, sem parar, e quem a sabe."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count, cycle, islice
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from laboratorio.sistema.processos import Sistema

ADIVINHOS = 16
_numeros = count(1)


class _De(HTTPAdapter):
    """Sai por um endereço escolhido: em 127.0.0.0/8 todos são desta máquina."""

    def __init__(self, endereco: str) -> None:
        self._endereco = endereco
        super().__init__()

    def init_poolmanager(self, *args: Any, **opcoes: Any) -> None:
        super().init_poolmanager(*args, **opcoes, source_address=(self._endereco, 0))


class Navegador:
    """A página de entrada do admin de um serviço, aberta por alguém que vem de um endereço."""

    def __init__(self, sistema: Sistema, servico: str, endereco: str = "127.0.0.1") -> None:
        self._servico, self._url = servico, f"{sistema.url(servico)}/admin/login/"
        self._http = requests.Session()
        self._http.trust_env = False
        self._http.mount("http://", _De(endereco))
        self._http.get(self._url, timeout=30)

    def tentar(self, senha: str, usuario: str = "admin") -> requests.Response:
        """A resposta do serviço a quem entra com esta senha: 302 se é a certa."""
        formulario = {
            "username": usuario,
            "password": senha,
            "csrfmiddlewaretoken": self._http.cookies[f"csrf_{self._servico}"],
        }
        return self._http.post(self._url, formulario, allow_redirects=False, timeout=30)


@contextmanager
def adivinhando(
    sistema: Sistema, servico: str, enderecos: Sequence[str] = ("127.0.0.1",)
) -> Iterator[Counter[int]]:
    """Clientes que tentam senhas sem parar enquanto dura o bloco; as respostas, por status."""
    ouvidas: Counter[int] = Counter()
    fim = threading.Event()

    def adivinhar(endereco: str) -> None:
        navegador = Navegador(sistema, servico, endereco)
        while not fim.is_set():
            ouvidas[navegador.tentar(f"palpite-{next(_numeros)}").status_code] += 1

    with ThreadPoolExecutor(ADIVINHOS) as equipe:
        turnos = [equipe.submit(adivinhar, e) for e in islice(cycle(enderecos), ADIVINHOS)]
        try:
            yield ouvidas
        finally:
            fim.set()
        for turno in turnos:
            turno.result()
