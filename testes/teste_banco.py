"""Banco ocupado ou cheio: espera um pouco, depois 503; nunca 500, e volta a servir sozinho."""

from __future__ import annotations

import resource
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psutil
import pytest

from ecommerce.servicos import SERVICOS
from laboratorio.sistema import Sistema
from testes.compras import abastecer, comprar, corpo


@pytest.fixture
def proprio(novo_sistema: Callable[..., Sistema]) -> Sistema:
    sistema = novo_sistema()
    sistema.iniciar(*SERVICOS)  # sem o processo `retomar`, para retomar à mão
    abastecer(sistema, 1)
    return sistema


@contextmanager
def travado(sistema: Sistema, servico: str, segundos: float) -> Iterator[None]:
    """Alguém de fora segura a escrita no banco do serviço pelo tempo dado."""
    conexao = sqlite3.connect(sistema.pasta / f"{servico}.db", check_same_thread=False)
    conexao.execute("BEGIN IMMEDIATE")
    soltar = threading.Timer(segundos, conexao.rollback)
    soltar.start()
    yield
    soltar.cancel()
    soltar.join()
    conexao.rollback()
    conexao.close()


def teste_travado_por_pouco_tempo_so_espera(proprio: Sistema) -> None:
    with travado(proprio, "estoque", segundos=2):
        inicio = time.monotonic()
        resposta = comprar(proprio, corpo())
        assert resposta.status_code == 201
        assert time.monotonic() - inicio > 1.5


def teste_travado_na_porta_e_503_e_nada_gravado(proprio: Sistema) -> None:
    antes = proprio.ler("pedidos", "/pedidos")
    with travado(proprio, "pedidos", segundos=30):
        resposta = comprar(proprio, corpo(), chave="k")
        assert (resposta.status_code, resposta.json()["codigo"]) == (503, "indisponivel")
        assert resposta.headers["Retry-After"]
        assert proprio.ler("pedidos", "/pedidos") == antes
    assert comprar(proprio, corpo(), chave="k").status_code == 201


def teste_travado_no_meio_da_cadeia_e_202_e_se_retoma(proprio: Sistema) -> None:
    with travado(proprio, "fiscal", segundos=30):
        inicio = time.monotonic()
        resposta = comprar(proprio, corpo())
        assert time.monotonic() - inicio < 10
        assert (resposta.status_code, resposta.json()["status"]) == (202, "em_separacao")
    caminho = f"/pedidos/{resposta.json()['id']}/retomar"
    retomado = proprio.pedir("POST", "pedidos", caminho, chave="interna")
    assert retomado.json()["status"] == "enviado"


def teste_disco_cheio_e_503_e_volta_a_servir(proprio: Sistema) -> None:
    mestre = psutil.Process(proprio.processos["pedidos"].pid)
    cheio = (proprio.pasta / "pedidos.db-wal").stat().st_size
    sem_limite = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    trabalhadores = mestre.children(recursive=True)
    for trabalhador in trabalhadores:
        trabalhador.rlimit(psutil.RLIMIT_FSIZE, (cheio, resource.RLIM_INFINITY))
    codigos = {comprar(proprio, corpo()).status_code for _ in range(3)}
    for trabalhador in trabalhadores:
        trabalhador.rlimit(psutil.RLIMIT_FSIZE, sem_limite)
    assert codigos == {503}
    assert comprar(proprio, corpo()).status_code == 201
