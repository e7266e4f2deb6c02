"""As formas de que os diagramas são feitos: quadro em branco, caixa, cilindro, seta, texto."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Ellipse, FancyArrowPatch, FancyBboxPatch, Rectangle

from laboratorio.relatorio.estilo import CINZA, LARGURA, PAPEL, TINTA

Ponto = tuple[float, float]
_POLEGADA = 100 / LARGURA  # o quadro tem 100 unidades de largura


def quadro(altura: float) -> tuple[Figure, Axes]:
    """Uma figura sem eixos, de 100 unidades de largura por `altura`, com a origem embaixo."""
    figura = Figure(figsize=(LARGURA, altura / _POLEGADA))
    eixos = figura.add_axes((0, 0, 1, 1))
    eixos.set(xlim=(0, 100), ylim=(0, altura))
    eixos.set_axis_off()
    return figura, eixos


def caixa(
    eixos: Axes, centro: Ponto, nome: str, detalhe: str = "", *, cor: str = TINTA, **opcoes: Any
) -> None:
    """Uma caixa com o nome em negrito e um detalhe abaixo; `largura` e `altura` em unidades."""
    largura, altura = opcoes.get("largura", 16.0), opcoes.get("altura", 6.0)
    x, y = centro
    eixos.add_patch(
        FancyBboxPatch(
            (x - largura / 2, y - altura / 2),
            largura,
            altura,
            boxstyle="round,pad=0,rounding_size=0.8",
            facecolor=opcoes.get("fundo", PAPEL),
            edgecolor=cor,
            linewidth=1.2,
            linestyle=opcoes.get("borda", "-"),
        )
    )
    acima = 1.1 if detalhe else 0
    texto(eixos, (x, y + acima), nome, weight="bold", color=opcoes.get("letra", TINTA))
    if detalhe:
        texto(eixos, (x, y - 1.4), detalhe, fontsize=6.5, color=opcoes.get("letra", TINTA))


def cilindro(eixos: Axes, centro: Ponto, nome: str) -> None:
    """Um banco de dados."""
    x, y = centro
    largura, altura = 11.0, 3.4
    borda: Any = {"facecolor": PAPEL, "edgecolor": CINZA, "linewidth": 0.9}
    eixos.add_patch(Ellipse((x, y - altura / 2), largura, 1.4, **borda))
    eixos.add_patch(
        Rectangle((x - largura / 2, y - altura / 2), largura, altura, facecolor=PAPEL, linewidth=0)
    )
    for lado in (-1, 1):
        beira = x + lado * largura / 2
        eixos.plot([beira, beira], [y - altura / 2, y + altura / 2], color=CINZA, lw=0.9)
    eixos.add_patch(Ellipse((x, y + altura / 2), largura, 1.4, **borda))
    texto(eixos, (x, y - 0.6), nome, fontsize=6.5)


def seta(eixos: Axes, de: Ponto, para: Ponto, *, cor: str = TINTA, **opcoes: Any) -> None:
    """Uma seta; `curva` é o arco dela (0 é reta) e `linha` o traço."""
    eixos.add_patch(
        FancyArrowPatch(
            de,
            para,
            arrowstyle=opcoes.get("ponta", "-|>"),
            mutation_scale=9,
            shrinkA=0,
            shrinkB=0,
            color=cor,
            linewidth=opcoes.get("espessura", 1.2),
            linestyle=opcoes.get("linha", "-"),
            connectionstyle=f"arc3,rad={opcoes.get('curva', 0)}",
        )
    )


def texto(eixos: Axes, onde: Ponto, dizeres: str, **opcoes: Any) -> None:
    """Um texto centrado em `onde`, ou como `ha` e `va` disserem."""
    com: Any = {"ha": "center", "va": "center", "fontsize": 7.5, "color": TINTA} | opcoes
    eixos.text(*onde, dizeres, **com)


def rotulo(eixos: Axes, onde: Ponto, dizeres: str, **opcoes: Any) -> None:
    """Um texto com fundo de papel, legível por cima de uma linha."""
    fundo = {"facecolor": PAPEL, "edgecolor": "none", "pad": 0.6}
    texto(eixos, onde, dizeres, bbox=fundo, **({"fontsize": 6.8} | opcoes))
