"""A linha do tempo de uma falha: vazão, latência e pedidos em andamento, segundo a segundo."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from laboratorio.formatos import acentuado
from laboratorio.relatorio.estilo import CINZA, CORES, TINTA, em_portugues, escala_log, folha
from laboratorio.relatorio.resumo import ALVOS

Cenario = dict[str, Any]
# cada grandeza com o seu traço, o mesmo nos dois transportes
VAZAO = (
    ("concluidos", "concluídos", "-"),
    ("a_caminho", "a caminho (202)", "--"),
    ("recusados", "recusados pelo negócio", "-."),
    ("outros", "erros e sobrecarga", ":"),
)
LATENCIA = (("p50_ms", "p50", "-"), ("p99_ms", "p99", "--"))


def desenhar_falha(cenarios: list[Cenario]) -> Figure:
    """Os cenários da mesma falha lado a lado, um por transporte, nas mesmas escalas."""
    figura, quadros = folha(4.6, linhas=3, colunas=len(cenarios), sharex=True, sharey="row")
    for coluna, cenario in enumerate(cenarios):
        acima, meio, abaixo = (linha[coluna] for linha in quadros)
        acima.set_title(ALVOS[cenario["transporte"]], pad=24, weight="bold")
        _curvas(acima, cenario, VAZAO)
        _curvas(meio, cenario, LATENCIA)
        escala_log(meio)
        _curvas(abaixo, cenario, (("em_andamento", "em andamento", "-"),))
        abaixo.set_xlabel("segundos desde o começo")
        for quadro in (acima, meio, abaixo):
            _eventos(quadro, cenario, nomes=quadro is acima)
        em_portugues(acima, "y")
        em_portugues(abaixo, "y")
    for linha, nome in zip(
        quadros, ("respostas por\nsegundo", "latência\n(ms, log)"), strict=False
    ):
        linha[0].set_ylabel(nome)
        legenda = linha[-1].legend(frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5))
        for traco in legenda.get_lines():
            traco.set_color(TINTA)  # vale para as duas cores
    quadros[2][0].set_ylabel("pedidos\ninacabados")
    return figura


def _curvas(quadro: Axes, cenario: Cenario, curvas: tuple[tuple[str, str, str], ...]) -> None:
    """As curvas que têm algo a mostrar; um segundo sem medida interrompe a linha."""
    segundos = cenario["segundos"]
    for campo, nome, estilo in curvas:
        valores = [s[campo] for s in segundos]
        if any(valores) or len(curvas) == 1:
            quadro.plot(
                [s["t"] for s in segundos],
                [float("nan") if v is None else v for v in valores],
                color=CORES[cenario["transporte"]],
                linestyle=estilo,
                linewidth=1.3,
                label=nome,
            )


def _eventos(quadro: Axes, cenario: Cenario, *, nomes: bool) -> None:
    """Uma linha vertical em cada evento, com o nome acima do quadro de cima."""
    for altura, evento in enumerate(cenario["eventos"]):
        quadro.axvline(evento["t"], color=CINZA, lw=0.9, ls=(0, (4, 2)))
        if nomes:
            quadro.annotate(
                acentuado(evento["nome"]),
                (evento["t"], 1.0),
                xycoords=("data", "axes fraction"),
                xytext=(0, 3 + 9 * (altura % 2)),
                textcoords="offset points",
                ha="center",
                fontsize=7,
                color=TINTA,
            )
