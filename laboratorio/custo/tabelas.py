"""O custo como se lê num terminal."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.table import Table

from laboratorio.carga.medicao import TRANSPORTES
from laboratorio.custo.numeros import (
    DO_CUSTO,
    METAS_POR_TRANSPORTE,
    Colheita,
    Meta,
    Numero,
    metas,
    numeros,
)
from laboratorio.estatistica import Intervalo
from laboratorio.formatos import numero as por_extenso


def mostrar(colheita: Colheita, console: Console) -> None:
    """As tabelas do que se mediu; nada do que não se mediu."""
    if todos := numeros(colheita):
        for transporte in TRANSPORTES:
            console.print(_tabela_dos_numeros(todos, transporte))
    if todas := metas(colheita):
        console.print(_tabela_das_metas(todas))
    if erros := _erros(colheita):
        console.print(f"[yellow]Pedidos que não se concluíram: {erros}.[/]")


def _tabela_dos_numeros(todos: list[Numero], transporte: str) -> Table:
    nome = METAS_POR_TRANSPORTE[transporte][0]
    tabela = Table(
        title=f"O custo de um checkout por {nome} e o da receita do enunciado",
        caption="Medianas das rodadas, com o intervalo de 95 %.\n"
        f"A CPU é com {DO_CUSTO} clientes; a do gerador, à parte, com o máximo deles.",
        box=box.SIMPLE_HEAD,
    )
    tabela.add_column("", no_wrap=True)
    for coluna in (nome, "95 %", "receita", "95 %", "razão"):
        tabela.add_column(coluna, justify="right", style="dim" if coluna == "95 %" else "")
    for numero in todos:
        celulas: list[str] = []
        for alvo in (transporte, f"receita-{transporte}"):
            celulas.extend(_celulas(numero.valores.get(alvo)))
        tabela.add_row(numero.nome, *celulas, por_extenso(numero.razao(transporte), 2))
    return tabela


def _celulas(valor: Intervalo | None) -> tuple[str, str]:
    """A mediana e o intervalo; este vazio onde houve uma rodada só."""
    if valor is None:
        return por_extenso(None), ""
    faixa = "" if valor.de == valor.ate else f"{por_extenso(valor.de)}–{por_extenso(valor.ate)}"
    return por_extenso(valor.mediana), faixa


def _tabela_das_metas(todas: list[Meta]) -> Table:
    tabela = Table(title="As metas", box=box.SIMPLE_HEAD)
    tabela.add_column("")
    for coluna in ("medido", "meta"):
        tabela.add_column(coluna, justify="right")
    tabela.add_column("")
    for meta in todas:
        tabela.add_row(
            meta.nome,
            por_extenso(meta.medido),
            f"{'≥' if meta.piso else '≤'} {por_extenso(meta.limite)}",
            "[green]cumprida[/]" if meta.cumprida else "[red]falta[/]",
        )
    return tabela


def _erros(colheita: Colheita) -> str:
    """Os desfechos que não são um checkout concluído, por alvo."""
    contagem: dict[tuple[str, str], int] = {}
    for medida in colheita.medidas:
        for desfecho, quantos in medida.erros.items():
            chave = (medida.alvo, desfecho)
            contagem[chave] = contagem.get(chave, 0) + quantos
    return ", ".join(f"{n} {desfecho} em {alvo}" for (alvo, desfecho), n in contagem.items())
