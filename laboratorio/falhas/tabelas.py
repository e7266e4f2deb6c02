"""As falhas medidas numa tela de texto: um resumo, e de cada uma o que houve segundo a segundo."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from laboratorio.formatos import numero

BARRA = 20  # caracteres da maior


def mostrar_falhas(medidas: Sequence[dict[str, Any]]) -> None:
    # sem terminal o rich supõe 80 colunas, e a linha do tempo pede mais
    saida = Console(highlight=False, width=None if sys.stdout.isatty() else 130)
    for medida in medidas:
        saida.print(_linha_do_tempo(medida), "")
    saida.print(_resumo(medidas))
    for medida in medidas:
        for violacao in medida["auditoria"]["violacoes"]:
            onde = f"{medida['falha']}, {medida['transporte']}"
            saida.print(f"[red]{onde}: {violacao['invariante']}[/] {violacao['detalhe']}.")


def _linha_do_tempo(medida: dict[str, Any]) -> Table:
    titulo = f"{medida['falha']}, {medida['transporte']}: {medida['descricao']}"
    tabela = Table(title=titulo, title_justify="left", box=None)
    for coluna in ("s", "concluídos", "202", "recusados", "erros", "p50 ms", "p99 ms", "em curso"):
        tabela.add_column(coluna, justify="right")
    tabela.add_column("concluídos/s")
    tabela.add_column("o que houve")
    maior = max(s["concluidos"] for s in medida["segundos"]) or 1
    for s in medida["segundos"]:
        nomes = [e["nome"] for e in medida["eventos"] if int(e["t"]) == s["t"]]
        contagens = [s[c] for c in ("t", "concluidos", "a_caminho", "recusados", "outros")]
        tabela.add_row(
            *map(str, contagens),
            numero(s["p50_ms"], 0),
            numero(s["p99_ms"], 0),
            str(s["em_andamento"]),
            "█" * round(s["concluidos"] * BARRA / maior),
            ", ".join(nomes),
            style="bold" if nomes else None,
        )
    return tabela


def _resumo(medidas: Sequence[dict[str, Any]]) -> Table:
    tabela = Table(title="Falhas", title_justify="left")
    for titulo in ("falha", "transporte", "pedidos", "terminados", "convergiu em (s)", "violações"):
        esquerda = titulo in ("falha", "transporte")
        tabela.add_column(titulo, justify="left" if esquerda else "right")
    for m in medidas:
        tabela.add_row(
            m["falha"],
            m["transporte"],
            str(m["pedidos"]),
            str(m["terminados"]),
            numero(m["convergiu_em_s"], 1),
            str(len(m["auditoria"]["violacoes"])),
        )
    return tabela
