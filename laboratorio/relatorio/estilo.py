"""A cara de tudo o que se desenha: cores, traços, letras, e arquivos iguais para dados iguais."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator

from laboratorio.formatos import marca

# uma cor por transporte em toda parte; em cinza ainda se distinguem pelo tom, traço e marca
CORES = {"rest": "#1b4f8f", "grpc": "#e08214", "receita-rest": "#86a9d4", "receita-grpc": "#efb976"}
MARCAS = {"rest": "o", "grpc": "s", "receita-rest": "o", "receita-grpc": "s"}
TRAMAS = {"rest": "", "grpc": "///", "receita-rest": "", "receita-grpc": "///"}
TINTA, CINZA, PAPEL = "#222222", "#777777", "#ffffff"
LARGURA = 7.4  # polegadas: a mancha de uma folha A4
PONTOS_POR_POLEGADA = 160

_ESTILO: Any = {
    # Verdana e DejaVu têm as mesmas medidas: o texto fica texto e cabe onde foi posto
    "svg.fonttype": "none",
    "svg.hashsalt": "checkout",
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans", "Verdana"],
    "font.size": 8,
    "axes.titlesize": 8.5,
    "axes.edgecolor": CINZA,
    "axes.labelcolor": TINTA,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#dddddd",
    "grid.linewidth": 0.6,
    "xtick.color": TINTA,
    "ytick.color": TINTA,
    "lines.linewidth": 1.6,
    "lines.markersize": 4.5,
    "hatch.linewidth": 0.6,
    "figure.facecolor": PAPEL,
}


@contextmanager
def estilo() -> Iterator[None]:
    """O bloco em que se desenha com estas letras e cores."""
    with mpl.rc_context(_ESTILO):
        yield


def folha(altura: float, linhas: int = 1, colunas: int = 1, **opcoes: Any) -> tuple[Figure, Any]:
    """Uma figura da largura da página com os seus eixos, sempre numa matriz 2D."""
    figura = Figure(figsize=(LARGURA, altura), layout="constrained")
    return figura, figura.subplots(linhas, colunas, squeeze=False, **opcoes)


def traco(alvo: str) -> dict[str, Any]:
    """Como se traça a linha de um alvo: as receitas são tracejadas e de marca vazada."""
    receita = alvo.startswith("receita")
    return {
        "color": CORES[alvo],
        "marker": MARCAS[alvo],
        "linestyle": "--" if receita else "-",
        "markerfacecolor": PAPEL if receita else CORES[alvo],
    }


def barra(alvo: str) -> dict[str, Any]:
    """Como se pinta a barra de um alvo: a trama distingue o gRPC também em cinza."""
    return {"color": CORES[alvo], "hatch": TRAMAS[alvo], "edgecolor": PAPEL, "linewidth": 0.4}


def em_portugues(eixos: Axes, *quais: str) -> None:
    """Vírgula decimal e ponto nos milhares nas marcas dos eixos dados (`x`, `y`)."""
    for qual in quais:
        eixo = getattr(eixos, f"{qual}axis")
        eixo.set_major_formatter(FuncFormatter(lambda valor, _: marca(valor)))
        eixo.set_minor_formatter(FuncFormatter(lambda *_: ""))


def escala_log(eixos: Axes) -> None:
    """Ordenadas em escala logarítmica, com marcas que bastem também em menos de uma década."""
    eixos.set_yscale("log")
    eixos.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5), numticks=12))
    em_portugues(eixos, "y")


def legenda(figura: Figure) -> None:
    """Uma legenda só para a figura toda, acima dos quadros, sem repetir ninguém."""
    unicas: dict[str, Any] = {}
    for eixos in figura.axes:
        for alca, nome in zip(*eixos.get_legend_handles_labels(), strict=True):
            unicas.setdefault(nome, alca)
    onde: Any = {"loc": "outside upper center", "ncols": len(unicas)}
    figura.legend(list(unicas.values()), list(unicas), frameon=False, **onde)


def salvar(figura: Figure, caminho: Path) -> None:
    """Grava `caminho` em SVG e PNG, sem data: os mesmos dados dão os mesmos arquivos."""
    figura.savefig(caminho.with_suffix(".svg"), metadata={"Date": None})
    figura.savefig(caminho.with_suffix(".png"), dpi=PONTOS_POR_POLEGADA)
