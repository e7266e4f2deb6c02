"""A corrida do custo: põe tudo no ar e mede passo a passo, sem deixar ninguém para trás."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psutil
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from laboratorio.carga.encomendas import Carga
from laboratorio.carga.medicao import TRANSPORTES, abastecer, medir
from laboratorio.custo.numeros import ALVOS, DO_CUSTO, Colheita
from laboratorio.custo.partida import medir_partida
from laboratorio.custo.pontual import commits_por_checkout, produtos_por_segundo
from laboratorio.receita.no_ar import Receita
from laboratorio.sistema.bancos_cheios import encher_bancos
from laboratorio.sistema.processos import Sistema, preparar_bancos

SEMENTE = 6
AQUECIMENTO_S = 0.5
Etapa = tuple[str, Callable[[], None]]


@dataclass(frozen=True)
class PlanoDeCusto:
    """Quanto dura cada degrau (s), e quantas rodadas com tantos clientes."""

    segundos: float
    rodadas: dict[int, int]

    def degraus(self) -> Iterator[tuple[int, int]]:
        """Rodada e clientes; as rodadas de cada carga se espalham pela corrida."""
        for rodada in range(1, max(self.rodadas.values()) + 1):
            yield from ((rodada, n) for n, quantas in self.rodadas.items() if rodada <= quantas)


INTEIRO = PlanoDeCusto(2.5, {DO_CUSTO: 4, 1: 2, 32: 2})
RAPIDO = PlanoDeCusto(0.5, {DO_CUSTO: 1})


@dataclass(frozen=True)
class Corrida:
    """O que se compara: o sistema, a receita, e o sistema com bancos cheios, se pedido."""

    sistema: Sistema
    receita: Receita
    cheio: Sistema | None
    pedidos: int

    @classmethod
    def em(cls, pasta: Path, pedidos: int) -> Corrida:
        pastas = [pasta / nome for nome in ("sistema", "receita", "cheio")]
        for cada in pastas:
            cada.mkdir()
        cheio = Sistema(pastas[2]) if pedidos else None
        return cls(Sistema(pastas[0]), Receita(pastas[1]), cheio, pedidos)

    def de(self, alvo: str) -> Sistema | Receita:
        return self.receita if alvo.startswith("receita") else self.sistema


def colher(colheita: Colheita, plano: PlanoDeCusto, corrida: Corrida, console: Console) -> None:
    """Mede tudo e guarda em `colheita` à medida que mede; ao sair, os processos acabaram."""
    with ExitStack() as no_ar:
        no_ar.callback(_matar_filhos)
        for sistema in (corrida.sistema, corrida.receita, corrida.cheio):
            if sistema:
                no_ar.callback(sistema.encerrar)
        if corrida.cheio:
            encher_bancos(corrida.cheio, corrida.pedidos, sys.stderr)
        barra = no_ar.enter_context(_barra(console))
        # o primeiro a sair: outro Ctrl-C não interrompe a limpeza
        no_ar.callback(signal.signal, signal.SIGINT, signal.SIG_IGN)
        passos = list(_passos(colheita, plano, corrida))
        tarefa = barra.add_task("", total=len(passos))
        for descricao, passo in passos:
            barra.update(tarefa, description=descricao)
            passo()
            barra.advance(tarefa)


def _matar_filhos() -> None:
    """Quem um Ctrl-C pegou nascendo, e que ninguém chegou a anotar."""
    for filho in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            filho.kill()


def _barra(console: Console) -> Progress:
    colunas = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*colunas, TimeElapsedColumn(), console=console, transient=True)


def _passos(colheita: Colheita, plano: PlanoDeCusto, corrida: Corrida) -> Iterator[Etapa]:
    yield "preparando os bancos", partial(preparar_bancos, corrida.sistema.ambiente)
    yield "um segundo início", partial(_medir_partida, colheita, corrida)
    yield "pondo tudo no ar", partial(_por_no_ar, corrida)
    for alvo in ALVOS:
        yield f"{alvo}: commits", partial(_contar_commits, colheita, corrida, alvo)
    for rodada, clientes in plano.degraus():
        for alvo in ALVOS:
            carga = Carga("fechado", plano.segundos, SEMENTE + rodada, clientes=clientes)
            descricao = f"{alvo}: {clientes} clientes, rodada {rodada}"
            yield descricao, partial(_medir, colheita, corrida, alvo, carga, rodada)
            if corrida.cheio and clientes == DO_CUSTO and alvo in TRANSPORTES:
                cheio = partial(_medir_cheio, colheita, corrida, alvo, carga, rodada)
                yield f"{descricao}, bancos cheios", cheio
    yield "GET /produtos", partial(_medir_produtos, colheita, plano, corrida)


def _medir_partida(colheita: Colheita, corrida: Corrida) -> None:
    colheita.partida = medir_partida(corrida.sistema)


def _por_no_ar(corrida: Corrida) -> None:
    for sistema in (corrida.sistema, corrida.cheio):
        if sistema:
            sistema.iniciar()
            abastecer(sistema)
    corrida.receita.iniciar()
    corrida.receita.abastecer()


def _medir(colheita: Colheita, corrida: Corrida, alvo: str, carga: Carga, rodada: int) -> None:
    sistema = corrida.de(alvo)
    medida = medir(alvo, sistema, carga, rodada=rodada, aquecimento_s=AQUECIMENTO_S)
    colheita.medidas.append(medida)


def _medir_cheio(
    colheita: Colheita, corrida: Corrida, alvo: str, carga: Carga, rodada: int
) -> None:
    if corrida.cheio:
        medida = medir(
            alvo,
            corrida.cheio,
            carga,
            rodada=rodada,
            pedidos_no_banco=corrida.pedidos,
            aquecimento_s=AQUECIMENTO_S,
        )
        colheita.medidas.append(medida)


def _contar_commits(colheita: Colheita, corrida: Corrida, alvo: str) -> None:
    colheita.commits[alvo] = commits_por_checkout(alvo, corrida.de(alvo), SEMENTE)


def _medir_produtos(colheita: Colheita, plano: PlanoDeCusto, corrida: Corrida) -> None:
    colheita.produtos_por_segundo = produtos_por_segundo(corrida.sistema, plano.segundos)
