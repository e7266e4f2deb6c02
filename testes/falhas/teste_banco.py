"""Banco ocupado ou cheio: espera um pouco, depois 503; nunca 500, e volta a servir sozinho."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest

from ecommerce.servicos import SERVICOS
from laboratorio.sistema.processos import Sistema
from testes.apoio.compras import abastecer, comprar, corpo
from testes.apoio.portas import Porta, Resposta, duas_portas
from testes.falhas.quebras import sem_disco, travado

PRAZO_S = 10  # o do checkout, que é também o da resposta
INDISPONIVEL = Resposta("Indisponivel", "indisponivel")


@pytest.fixture
def proprio(novo_sistema: Callable[..., Sistema]) -> Sistema:
    sistema = novo_sistema()
    # tudo menos o processo `retomar`, para retomar à mão
    sistema.iniciar(*SERVICOS, *(f"{servico}-grpc" for servico in SERVICOS))
    abastecer(sistema, 1)
    return sistema


def teste_travado_por_pouco_tempo_so_espera(proprio: Sistema) -> None:
    with travado(proprio, "estoque", segundos=2):
        inicio = time.monotonic()
        resposta = comprar(proprio, corpo())
        assert resposta.status_code == 201
        assert time.monotonic() - inicio > 1.5


def teste_travado_na_porta_e_indisponivel_e_nada_gravado(proprio: Sistema) -> None:
    # dado o banco de pedidos travado por mais que o prazo do checkout
    antes = proprio.ler("pedidos", "/pedidos")
    with duas_portas(proprio) as portas:
        with travado(proprio, "pedidos", segundos=30), ThreadPoolExecutor(len(portas)) as equipe:
            # quando se compra por cada porta ao mesmo tempo
            inicio = time.monotonic()
            ouvidas = list(equipe.map(lambda porta: porta.criar(corpo(), porta.nome), portas))
            # então as duas dizem não dentro do prazo, e nada gravaram
            assert time.monotonic() - inicio < PRAZO_S
            assert ouvidas == [(INDISPONIVEL, None)] * len(portas)
            assert proprio.ler("pedidos", "/pedidos") == antes
        # e, solto o banco, voltam a vender
        assert [_vendeu(porta) for porta in portas] == [True] * len(portas)


def teste_travado_na_porta_o_503_diz_quando_voltar(proprio: Sistema) -> None:
    with travado(proprio, "pedidos", segundos=30):
        resposta = comprar(proprio, corpo())
    assert (resposta.status_code, resposta.json()["codigo"]) == (503, "indisponivel")
    assert resposta.headers["Retry-After"]


def teste_travado_no_meio_da_cadeia_e_202_e_se_retoma(proprio: Sistema) -> None:
    with travado(proprio, "fiscal", segundos=30):
        inicio = time.monotonic()
        resposta = comprar(proprio, corpo())
        assert time.monotonic() - inicio < 10
        assert (resposta.status_code, resposta.json()["status"]) == (202, "em_separacao")
    caminho = f"/pedidos/{resposta.json()['id']}/retomar"
    retomado = proprio.pedir("POST", "pedidos", caminho, chave="interna")
    assert retomado.json()["status"] == "enviado"


def teste_disco_cheio_e_indisponivel_e_volta_a_servir(proprio: Sistema) -> None:
    cheio = (proprio.pasta / "pedidos.db-wal").stat().st_size
    mestre, grpc = (psutil.Process(proprio.processos[n].pid) for n in ("pedidos", "pedidos-grpc"))
    with duas_portas(proprio) as portas:
        with sem_disco([*mestre.children(recursive=True), grpc], cheio):
            ouvidas = [porta.criar(corpo()) for porta in portas for _ in range(3)]
        assert ouvidas == [(INDISPONIVEL, None)] * len(ouvidas)
        assert [_vendeu(porta) for porta in portas] == [True] * len(portas)


def _vendeu(porta: Porta) -> bool:
    resposta, _ = porta.criar(corpo(), porta.nome)
    return bool(resposta.pedido and resposta.pedido[0] == "enviado")
