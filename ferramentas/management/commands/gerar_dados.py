"""Gera dados sintéticos e consistentes para os seis serviços."""

from __future__ import annotations

import sqlite3
from argparse import ArgumentTypeError
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from ferramentas.dados_de_exemplo.bancos import bancos_vazios, confirmar, gravar
from ferramentas.dados_de_exemplo.destinos import gravar_ecommerce_db, gravar_fixtures
from ferramentas.dados_de_exemplo.geracao import MAXIMOS, REFERENCIA, Tamanhos, gerar
from ferramentas.dados_de_exemplo.historia import DadosDaLoja, Entrada, Historia
from ferramentas.dados_de_exemplo.tabelas import linhas


def _tamanho(nome: str) -> Callable[[str], int]:
    """O conversor do argparse para `--nome`: o erro dele sai com o nome da opção."""

    def converter(texto: str) -> int:
        if not texto.isdecimal() or not 1 <= int(texto) <= MAXIMOS[nome]:
            raise ArgumentTypeError(f"deve ser um inteiro de 1 a {MAXIMOS[nome]}, não {texto!r}.")
        return int(texto)

    return converter


def _instante(texto: str) -> datetime:
    try:
        instante = datetime.fromisoformat(texto)
    except ValueError as erro:
        raise ArgumentTypeError(f"não é uma data ISO 8601: {texto!r}.") from erro
    return instante if instante.tzinfo else instante.replace(tzinfo=UTC)


class Command(BaseCommand):
    help = (
        "Gera clientes, produtos e pedidos terminados, com tudo que os seis serviços teriam "
        "gravado. A mesma semente, com os mesmos tamanhos, dá sempre os mesmos dados."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--semente", type=int, default=1, help="o mesmo número gera os mesmos dados"
        )
        padrao = Tamanhos()
        for nome in MAXIMOS:
            quantos = getattr(padrao, nome)
            parser.add_argument(
                f"--{nome}",
                type=_tamanho(nome),
                default=quantos,
                help=f"quantos {nome} (de 1 a {MAXIMOS[nome]}; padrão {quantos})",
            )
        parser.add_argument(
            "--ate",
            type=_instante,
            default=REFERENCIA,
            help=f"último instante dos 90 dias de dados, em UTC (padrão {REFERENCIA.isoformat()})",
        )
        parser.add_argument(
            "--destino",
            choices=("fixtures", "bancos", "ecommerce_db"),
            required=True,
            help="fixtures: seis arquivos para o loaddata; bancos: direto nos bancos dos seis "
            "serviços, que têm de estar migrados, vazios e sem ninguém os usando; ecommerce_db: "
            "um só SQLite, com as tabelas do enunciado",
        )
        parser.add_argument(
            "--saida",
            type=Path,
            help="a pasta das fixtures (padrão fixtures/) ou o arquivo (padrão ecommerce.db)",
        )

    def handle(self, *args: Any, **opcoes: Any) -> None:
        destino, saida = opcoes["destino"], opcoes["saida"]
        if destino == "bancos" and saida:
            raise CommandError("--saida não vale com --destino bancos: quem diz é DADOS_DIR.")
        tamanhos = Tamanhos(opcoes["clientes"], opcoes["produtos"], opcoes["pedidos"])
        loja = gerar(opcoes["semente"], tamanhos, opcoes["ate"])
        loja.eventos = _com_barra(loja.eventos, tamanhos.pedidos)
        try:
            onde = _GRAVAR[destino](loja, saida)
        except (DatabaseError, sqlite3.Error, OSError) as erro:
            raise CommandError(f"Nada foi gravado: {erro}") from erro
        except KeyboardInterrupt:
            raise CommandError("Interrompido: nada foi gravado.", returncode=130) from None
        self.stdout.write(
            f"{tamanhos.clientes} clientes, {tamanhos.produtos} produtos e "
            f"{tamanhos.pedidos} pedidos gravados em {onde}."
        )


def _nas_fixtures(loja: DadosDaLoja, saida: Path | None) -> str:
    pasta = saida or settings.RAIZ / "fixtures"
    gravar_fixtures(loja, pasta)
    return str(pasta)


def _nos_bancos(loja: DadosDaLoja, _: Path | None) -> str:
    with bancos_vazios() as bancos:
        gravar(bancos, linhas(loja))
        confirmar(bancos)
    return f"{len(bancos)} bancos"


def _no_ecommerce_db(loja: DadosDaLoja, saida: Path | None) -> str:
    arquivo = saida or Path("ecommerce.db")
    gravar_ecommerce_db(loja, arquivo)
    return str(arquivo)


_GRAVAR = {"fixtures": _nas_fixtures, "bancos": _nos_bancos, "ecommerce_db": _no_ecommerce_db}


def _com_barra(eventos: Iterable[Entrada | Historia], total: int) -> Iterator[Entrada | Historia]:
    """Os mesmos eventos, com uma barra na saída de erro se ela é um terminal."""
    console = Console(stderr=True)
    colunas = (TextColumn("Pedidos"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*colunas, console=console, disable=not console.is_terminal) as barra:
        tarefa = barra.add_task("", total=total)
        for evento in eventos:
            yield evento
            if isinstance(evento, Historia) and evento.ordem.pedido_id % 1000 == 0:
                barra.update(tarefa, completed=evento.ordem.pedido_id)
        barra.update(tarefa, completed=total)
