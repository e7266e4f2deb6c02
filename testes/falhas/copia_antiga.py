"""Bancos que voltam de uma cópia antiga: os números seguintes já são de pedidos de verdade."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from laboratorio.sistema.processos import TERMINA_EM_S, Sistema, esperar
from testes.apoio.clientela import Compra
from testes.apoio.compras import RECURSOS, corpo
from testes.apoio.portas import Porta
from testes.falhas.bancada import Bancada, Cenario

LINHAS_DO_PROCFILE = {
    "pedidos": ("pedidos", "pedidos-grpc", "retomar"),
    "pagamentos": ("pagamentos", "pagamentos-grpc"),
}


def restaurados(*servicos: str) -> Cenario:
    """Os bancos dos serviços voltam de antes de um pedido, e outro recebe o mesmo número."""

    def cenario(bancada: Bancada, porta: Porta) -> list[Compra]:
        sistema = bancada.sistema
        antes, agora = (sistema.pasta / nome for nome in ("copia-antiga", "copia-de-agora"))
        with _parados(sistema, servicos):
            _copiar(sistema.pasta, antes, servicos)
        antigo = Compra(porta, corpo())
        esperar(lambda: antigo.tentar().pedido, TERMINA_EM_S, "pedidos atender de novo")
        assert antigo.pedido_id
        feito = _adiante(sistema, antigo.pedido_id, servicos)
        with _parados(sistema, servicos):
            _copiar(sistema.pasta, agora, servicos)
            _copiar(antes, sistema.pasta, servicos)
        novo = Compra(porta, corpo(quantidade=2))
        esperar(lambda: novo.tentar().codigo, TERMINA_EM_S, "pedidos atender de novo")
        # o novo é recusado com clareza, o número não se usa mais, e do antigo nada se toca
        assert (novo.tentar().codigo, novo.pedido_id) == ("estado_invalido", antigo.pedido_id)
        consultado, _ = porta.agir("consultar", antigo.pedido_id)
        assert consultado.pedido and consultado.pedido[0] == "cancelado"
        assert _adiante(sistema, antigo.pedido_id, servicos) == feito
        with _parados(sistema, servicos):
            _copiar(agora, sistema.pasta, servicos)
        return [antigo]

    return cenario


def _adiante(sistema: Sistema, pedido_id: int, restaurados: tuple[str, ...]) -> dict[str, Any]:
    """O que têm do pedido os serviços que não voltaram atrás."""
    return {
        servico: sistema.ler(servico, f"/{recurso}/{pedido_id}")
        for servico, recurso in RECURSOS.items()
        if servico not in restaurados
    }


@contextmanager
def _parados(sistema: Sistema, servicos: tuple[str, ...]) -> Iterator[None]:
    linhas = [linha for servico in servicos for linha in LINHAS_DO_PROCFILE[servico]]
    for linha in linhas:
        sistema.parar(linha)
    yield
    sistema.iniciar(*linhas)


def _copiar(de: Path, para: Path, servicos: tuple[str, ...]) -> None:
    """Copia os bancos dos serviços, inteiros, com o que ainda está no WAL."""
    para.mkdir(exist_ok=True)
    for servico in servicos:
        origem, destino = (pasta / f"{servico}.db" for pasta in (de, para))
        with closing(sqlite3.connect(origem)) as banco, closing(sqlite3.connect(destino)) as copia:
            banco.backup(copia)
