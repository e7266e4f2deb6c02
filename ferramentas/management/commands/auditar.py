"""Confere as invariantes dos seis serviços, pelas suas APIs."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentTypeError
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

from ecommerce.erros import Indisponivel
from ecommerce.partida.numeracao import aviso_de_atraso
from ferramentas.auditoria.auditoria import auditar
from ferramentas.auditoria.laudo import Laudo

LIMITE_S = 60
_IDS_NA_TABELA = 5


def _segundos(texto: str) -> int:
    if not texto.isdecimal():
        raise ArgumentTypeError(f"deve ser um inteiro de segundos, não {texto!r}.")
    return int(texto)


class Command(BaseCommand):
    help = (
        "Confere I1 a I4, I6, I7, I9 e I10 em todos os pedidos, pelas APIs dos serviços, mesmo com "
        "eles em uso. I5 e I8 precisam de quem fez os pedidos: são do laboratório. Sai com 0 se "
        "tudo está certo, 1 se algo viola uma invariante, 2 se um serviço não responde."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="o laudo em JSON")
        parser.add_argument(
            "--limite",
            type=_segundos,
            default=LIMITE_S,
            help=f"segundos até um pedido inacabado violar I6 (padrão {LIMITE_S})",
        )

    def handle(self, *args: Any, **opcoes: Any) -> None:
        try:
            with _barra() as avisar:
                laudo = auditar(opcoes["limite"], avisar)
        except Indisponivel as erro:
            raise CommandError(f"A auditoria não terminou: {erro}", returncode=2) from erro
        except KeyboardInterrupt:
            raise CommandError("Interrompida.", returncode=130) from None
        if opcoes["json"]:
            self.stdout.write(json.dumps(laudo.em_json(), ensure_ascii=False))
        else:
            _mostrar(laudo)
        if aviso := aviso_de_atraso():
            self.stderr.write(f"aviso: {aviso}")
        if not laudo.limpo:
            sys.exit(1)


def _mostrar(laudo: Laudo) -> None:
    """Uma linha por invariante, e abaixo os motivos das violadas."""
    # sem terminal o rich supõe 80 colunas, e a tabela pede mais
    saida = Console(highlight=False, width=None if sys.stdout.isatty() else 120)
    tabela = Table(title=f"{laudo.pedidos} pedidos auditados", title_justify="left")
    for coluna in ("", "o que diz", "conferidos", "violações", "primeiros ids"):
        tabela.add_column(
            coluna, justify="right" if coluna in ("conferidos", "violações") else "left"
        )
    for nome, invariante in laudo.invariantes.items():
        ids = ", ".join(map(str, sorted(invariante.ids)[:_IDS_NA_TABELA]))
        tabela.add_row(
            nome,
            invariante.diz,
            f"{invariante.conferidos} {invariante.de_que}",
            f"[red]{invariante.violacoes}[/]" if invariante.violacoes else "0",
            ids,
        )
    saida.print(tabela)
    for nome, invariante in laudo.invariantes.items():
        if invariante.violacoes:
            saida.print(f"{nome}: {invariante.detalhe}.")


@contextmanager
def _barra() -> Iterator[Callable[[int], None]]:
    """Uma barra na saída de erro, se ela é um terminal: vai do maior número de pedido até 1."""
    console = Console(stderr=True)
    colunas = (TextColumn("Pedidos"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*colunas, console=console, disable=not console.is_terminal) as barra:
        tarefa = barra.add_task("", total=None)
        lidos = maior = 0

        def avisar(pedido_id: int) -> None:
            nonlocal lidos, maior
            maior = maior or pedido_id
            if lidos % 500 == 0:
                barra.update(tarefa, total=maior, completed=maior - pedido_id)
            lidos += 1

        yield avisar
        barra.update(tarefa, total=maior, completed=maior)
