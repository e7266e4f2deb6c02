"""Os gráficos do relatório, cada um tirado dos arquivos de dados."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ecommerce.servicos import SERVICOS
from laboratorio.estatistica import CONFIANCA
from laboratorio.formatos import acentuado, numero, por_cento
from laboratorio.relatorio import resumo
from laboratorio.relatorio.estilo import (
    CINZA,
    CORES,
    TINTA,
    barra,
    em_portugues,
    escala_log,
    estilo,
    folha,
    legenda,
    salvar,
    traco,
)
from laboratorio.relatorio.graficos_de_falhas import desenhar_falha
from laboratorio.relatorio.resumo import ALVOS, Dados, Medida, Medir
from laboratorio.sistema.processos import processo_de

PERCENTIS = ("p50", "p90", "p99")
CLIENTES = "clientes ao mesmo tempo"
CHEGADAS = "chegadas por segundo"
CONCLUIDOS = "checkouts concluídos por segundo"
CPU_MS = "CPU por checkout (ms)"


def latencia_por_clientes(dados: Dados) -> Figure | None:
    """Latência de ponta a ponta contra clientes que esperam a resposta antes de pedir de novo."""
    return _latencias(dados.carga, "clientes", CLIENTES)


def latencia_por_taxa(dados: Dados) -> Figure | None:
    """Latência de ponta a ponta, contada da hora marcada da chegada, contra a taxa de chegada."""
    return _latencias(dados.carga, "taxa", CHEGADAS)


def _latencias(medidas: list[Medida], eixo: str, nome: str) -> Figure | None:
    if not resumo.degraus(medidas, eixo):
        return None
    figura, quadros = folha(2.9, colunas=len(PERCENTIS), sharey=True)
    for quadro, percentil in zip(quadros[0], PERCENTIS, strict=True):
        _linhas(quadro, medidas, eixo, resumo.latencia(percentil))
        escala_log(quadro)
        quadro.set(title=percentil, xlabel=nome)
        _eixo_de_carga(quadro, medidas, eixo)
    quadros[0][0].set_ylabel("latência (ms, escala log)")
    legenda(figura)
    return figura


def vazao(dados: Dados) -> Figure | None:
    """Checkouts concluídos por segundo: contra clientes e contra chegadas pedidas."""
    com_carga = [
        (eixo, nome)
        for eixo, nome in (("clientes", CLIENTES), ("taxa", CHEGADAS))
        if resumo.degraus(dados.carga, eixo)
    ]
    if not com_carga:
        return None
    figura, quadros = folha(2.9, colunas=len(com_carga), sharey=True)
    for quadro, (eixo, nome) in zip(quadros[0], com_carga, strict=True):
        _linhas(quadro, dados.carga, eixo, resumo.por_segundo)
        _eixo_de_carga(quadro, dados.carga, eixo)
        quadro.set_xlabel(nome)
        if eixo == "taxa":
            pedidas = resumo.degraus(dados.carga, "taxa")
            quadro.plot(pedidas, pedidas, color=CINZA, lw=0.9, ls=":", label="tudo o que chega")
    teto = max(resumo.por_segundo(m) for m in dados.carga)
    quadros[0][0].set(ylabel=CONCLUIDOS, ylim=(0, teto * 1.1))
    em_portugues(quadros[0][0], "y")
    legenda(figura)
    return figura


def cpu_por_clientes(dados: Dados) -> Figure | None:
    """CPU de todos os processos do sistema por checkout concluído, contra a carga."""
    if not resumo.degraus(dados.carga, "clientes"):
        return None
    figura, quadros = folha(2.8, colunas=2, width_ratios=(3, 2))
    linhas, barras = quadros[0]
    _linhas(linhas, dados.carga, "clientes", resumo.cpu_ms)
    _eixo_de_carga(linhas, dados.carga, "clientes")
    linhas.set(xlabel=CLIENTES, ylabel=CPU_MS)
    linhas.set_ylim(bottom=0)
    em_portugues(linhas, "y")
    _barras_de_custo(barras, dados.carga)
    legenda(figura)
    return figura


def _barras_de_custo(quadro: Axes, medidas: list[Medida]) -> None:
    custos = resumo.custos(medidas)
    for posicao, (alvo, custo) in enumerate(reversed(custos.items())):
        quadro.barh(posicao, custo.mediana, height=0.62, **barra(alvo))
        if custo.de < custo.ate:  # de uma rodada só não há intervalo
            erro = [[custo.mediana - custo.de], [custo.ate - custo.mediana]]
            quadro.errorbar(custo.mediana, posicao, xerr=erro, color=TINTA, capsize=3, lw=1)
        quadro.annotate(
            numero(custo.mediana, 1),
            (custo.ate, posicao),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
        )
    quadro.set_yticks(range(len(custos)), [ALVOS[alvo] for alvo in reversed(custos)])
    titulo = f"com {resumo.da_referencia(medidas)[0]['clientes']} clientes"
    if any(custo.de < custo.ate for custo in custos.values()):
        titulo += f", e o intervalo de {por_cento(CONFIANCA)}"
    quadro.set(xlabel=CPU_MS, title=titulo)
    quadro.set_xlim(0, max(c.ate for c in custos.values()) * 1.2 if custos else 1)
    quadro.grid(visible=False, axis="y")
    em_portugues(quadro, "x")


def servicos(dados: Dados) -> Figure | None:
    """CPU e memória de cada processo, nos dois transportes, na carga de referência."""
    medidas = [m for m in resumo.da_referencia(dados.carga) if m["alvo"] in resumo.TRANSPORTES]
    if not medidas:
        return None
    figura, quadros = folha(2.9, colunas=2)
    paineis = (
        ("cpu_ms_por_checkout", CPU_MS),
        ("memoria_mb", "memória do processo (MB)"),
    )
    for quadro, (campo, nome) in zip(quadros[0], paineis, strict=True):
        for lado, alvo in enumerate(resumo.alvos(medidas)):
            processos = [processo_de(servico, alvo) for servico in SERVICOS]
            alturas = [
                resumo.mediana(medidas, resumo.do_processo(p, campo), alvo=alvo) or 0.0
                for p in processos
            ]
            posicoes = [i + (lado - 0.5) * 0.4 for i in range(len(SERVICOS))]
            quadro.bar(posicoes, alturas, width=0.38, label=ALVOS[alvo], **barra(alvo))
        quadro.set_xticks(range(len(SERVICOS)), map(acentuado, SERVICOS), rotation=25, ha="right")
        quadro.set_ylabel(nome)
        quadro.grid(visible=False, axis="x")
        em_portugues(quadro, "y")
    legenda(figura)
    return figura


def crescimento(dados: Dados) -> Figure | None:
    """O mesmo checkout com cada vez mais pedidos já guardados nos bancos."""
    medidas = resumo.da_referencia(dados.crescimento)
    tamanhos = resumo.degraus(medidas, "pedidos_no_banco")
    if not tamanhos:
        return None
    figura, quadros = folha(2.7, colunas=3)
    paineis: tuple[tuple[str, Medir], ...] = (
        (CPU_MS, resumo.cpu_ms),
        ("latência p50 (ms)", resumo.latencia("p50")),
        (CONCLUIDOS, resumo.por_segundo),
    )
    for quadro, (nome, medir) in zip(quadros[0], paineis, strict=True):
        for alvo in resumo.alvos(medidas):
            pontos = resumo.serie(medidas, alvo, "pedidos_no_banco", medir)
            _com_barras(quadro, [(tamanhos.index(x), *y) for x, *y in pontos], alvo)
        quadro.set_xticks(range(len(tamanhos)), [numero(t, 0) for t in tamanhos])
        quadro.set(xlabel="pedidos já no banco", ylabel=nome, xlim=(-0.4, len(tamanhos) - 0.6))
        quadro.set_ylim(bottom=0)
        em_portugues(quadro, "y")
    legenda(figura)
    return figura


def _linhas(quadro: Axes, medidas: list[Medida], eixo: str, medir: Medir) -> None:
    for alvo in resumo.alvos([m for m in medidas if m[eixo] is not None]):
        _com_barras(quadro, resumo.serie(medidas, alvo, eixo, medir), alvo)


def _com_barras(quadro: Axes, pontos: Sequence[tuple[float, ...]], alvo: str) -> None:
    """A linha das medianas; a barra de cada ponto vai da menor à maior das rodadas."""
    if not pontos:
        return
    xs, medianas, menores, maiores = zip(*pontos, strict=True)
    quadro.vlines(xs, menores, maiores, color=CORES[alvo], lw=1)
    quadro.plot(xs, medianas, label=ALVOS[alvo], **traco(alvo))


def _eixo_de_carga(quadro: Axes, medidas: list[Medida], eixo: str) -> None:
    degraus = resumo.degraus(medidas, eixo)
    if eixo == "clientes":
        quadro.set_xscale("log", base=2)
        quadro.set_xticks(degraus, [numero(n, 0) for n in degraus])
        quadro.minorticks_off()
    else:
        quadro.set_xlim(left=0)
        em_portugues(quadro, "x")


GRAFICOS: dict[str, Callable[[Dados], Figure | None]] = {
    "latencia-clientes": latencia_por_clientes,
    "latencia-taxa": latencia_por_taxa,
    "vazao": vazao,
    "custo": cpu_por_clientes,
    "servicos": servicos,
    "crescimento": crescimento,
}


def desenhar(dados: Dados, pasta: Path) -> dict[str, str]:
    """Grava em `pasta` os gráficos que os dados permitem; devolve nome -> o que mostra."""
    pasta.mkdir(parents=True, exist_ok=True)
    feitos = {}
    with estilo():
        for nome, funcao in GRAFICOS.items():
            if figura := funcao(dados):
                salvar(figura, pasta / nome)
                feitos[nome] = (funcao.__doc__ or "").strip()
        for falha in dict.fromkeys(cenario["falha"] for cenario in dados.falhas):
            cenarios = [c for c in dados.falhas if c["falha"] == falha and c["segundos"]]
            if cenarios:
                salvar(desenhar_falha(cenarios), pasta / nome_da_falha(falha))
                feitos[nome_da_falha(falha)] = f"Segundo a segundo: {acentuado(falha)}."
    return feitos


def nome_da_falha(falha: str) -> str:
    """O nome do arquivo do gráfico de uma falha: sem acentos nem espaços."""
    simples = unicodedata.normalize("NFKD", falha).encode("ascii", "ignore").decode().lower()
    return "falha-" + "-".join("".join(c if c.isalnum() else " " for c in simples).split())
