"""Quem compra nos testes de falhas: guarda o que ouviu, e depois confere se era verdade."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import requests

from laboratorio.sistema.processos import Sistema
from testes.apoio.compras import corpo
from testes.apoio.portas import Porta, Resposta

FINS = {"enviado", "entregue", "cancelado"}
# o que se pode ouvir de um checkout quando algo está fora do ar: nunca um erro interno
ACEITAVEIS = {"feito", "Recusado", "Indisponivel", "PrazoEsgotado", "Sobrecarga"}
SEM_RESPOSTA = Resposta("Indisponivel")
PAUSA_S = 0.25
_numeros = count(1)


@dataclass
class Compra:
    """Um pedido do ponto de vista de quem o fez; `confirmada` é a resposta que deu o número."""

    porta: Porta
    corpo: dict[str, Any]
    chave: str = field(default_factory=lambda: f"compra-{next(_numeros)}-{time.time_ns()}")
    pedido_id: int | None = None
    primeira: Resposta | None = None
    confirmada: Resposta | None = None
    demora_s: float = 0.0
    cancelada: bool = False

    def tentar(self, porta: Porta | None = None) -> Resposta:
        """Manda, ou repete, a compra com a sua chave; pela porta de sempre ou por outra."""
        inicio = time.monotonic()
        try:
            resposta, pedido_id = (porta or self.porta).criar(self.corpo, self.chave)
        except requests.RequestException:
            resposta, pedido_id = SEM_RESPOSTA, None
        if pedido_id is not None:
            if self.pedido_id not in (None, pedido_id):
                raise AssertionError(f"{self.chave}: era {self.pedido_id}, agora é {pedido_id}")
            self.pedido_id = pedido_id
        if self.primeira is None:
            self.primeira, self.demora_s = resposta, time.monotonic() - inicio
        if resposta.pedido and self.confirmada is None:
            self.confirmada = resposta
        return resposta

    @property
    def interrompida(self) -> bool:
        """Se a primeira resposta não foi o fim: a falha se fez sentir."""
        return self.primeira is None or not _no_fim(self.primeira)

    def terminou(self) -> bool:
        """Se o pedido chegou a um fim: sozinho, se foi confirmado; senão, repetindo a compra."""
        if self.confirmada is None or self.pedido_id is None:
            return _no_fim(self.tentar())
        agora, _ = self.porta.agir("consultar", self.pedido_id)
        return _no_fim(agora, {"cancelado"} if self.cancelada else FINS)


def comprar(porta: Porta, pedido: dict[str, Any] | None = None) -> Compra:
    compra = Compra(porta, pedido or corpo())
    compra.tentar()
    return compra


@contextmanager
def carga_leve(porta: Porta, compradores: int = 3) -> Iterator[list[Compra]]:
    """Compradores que compram sem parar enquanto dura o bloco; a lista cresce com as compras."""
    compras: list[Compra] = []
    fim = threading.Event()

    def comprar_ate_o_fim() -> None:
        while not fim.wait(PAUSA_S):
            compras.append(comprar(porta))

    with ThreadPoolExecutor(compradores) as equipe:
        turnos = [equipe.submit(comprar_ate_o_fim) for _ in range(compradores)]
        try:
            yield compras
        finally:
            fim.set()
        for turno in turnos:
            turno.result()  # o que um comprador não soube entender aparece aqui


def desmentidos(sistema: Sistema, compras: Sequence[Compra], portas: Sequence[Porta]) -> list[str]:
    """O que contradiz o que a clientela ouviu: I5, I8 e uma cobrança só; vazio se nada."""
    return [falta for compra in compras for falta in _desmentidos(sistema, compra, portas)]


def _desmentidos(sistema: Sistema, compra: Compra, portas: Sequence[Porta]) -> Iterator[str]:
    if compra.primeira and compra.primeira.categoria not in ACEITAVEIS:
        yield f"{compra.chave}: respondeu {compra.primeira}"
    respostas = {compra.tentar(porta) for porta in portas}
    if compra.primeira and not compra.interrompida:
        respostas.add(compra.primeira)
    if len(respostas) > 1:
        yield f"I8 {compra.chave}: {respostas}"
    if compra.pedido_id is None:
        return
    agora, _ = compra.porta.agir("consultar", compra.pedido_id)
    pedidos = [(i["produto_id"], i["quantidade"]) for i in compra.corpo["itens"]]
    guardados = [(produto, pecas) for produto, pecas, _ in agora.pedido[4]] if agora.pedido else []
    if guardados != pedidos:
        yield f"I5 pedido {compra.pedido_id}: {agora}"
    if _conteudo(compra.confirmada or agora) != _conteudo(agora):
        yield f"I5 pedido {compra.pedido_id}: mudou"
    resultados = _resultados(sistema, compra.pedido_id)
    if max(map(resultados.count, resultados), default=0) > 1:
        yield f"pedido {compra.pedido_id}: {resultados}"


def _conteudo(resposta: Resposta) -> tuple[Any, ...]:
    """O total, o método e os itens, que nada pode mudar."""
    return resposta.pedido[2:5] if resposta.pedido else ()


def _resultados(sistema: Sistema, pedido_id: int) -> list[str]:
    """O que pagamentos fez do pedido: `aprovado` ou `estornado` duas vezes seria um erro."""
    operacoes = sistema.ler("pagamentos", "/operacoes", pedido_id=pedido_id)["results"]
    return [o["resultado"] for o in operacoes if o["resultado"] != "repetido"]


def _no_fim(resposta: Resposta, fins: Collection[str] = FINS) -> bool:
    if resposta.pedido:
        return resposta.pedido[0] in fins
    return resposta.categoria == "Recusado"
