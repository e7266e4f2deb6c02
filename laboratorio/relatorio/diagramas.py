"""Os diagramas do relatório, desenhados a partir da tabela de serviços, do domínio e do código."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ecommerce.servicos import SERVICOS, Servico
from laboratorio.formatos import acentuado
from laboratorio.relatorio.chamadas import Salto, chamadas, da_cadeia
from laboratorio.relatorio.estilo import CINZA, CORES, TINTA, estilo, salvar
from laboratorio.relatorio.formas import caixa, cilindro, quadro, rotulo, seta, texto
from laboratorio.relatorio.sequencias import compensacao, retomada
from pedidos.dominio import A_CAMINHO, TRANSICOES, Status

TENUE = "#f3f3f3"


def cadeia() -> list[Servico]:
    """Os serviços por que um pedido passa, na ordem."""
    passos = [SERVICOS["pedidos"]]
    while proximo := passos[-1].proximo:
        passos.append(SERVICOS[proximo])
    return passos


def arquitetura_rest() -> Figure:
    """A arquitetura REST: cada serviço num gunicorn, e as chamadas HTTP entre eles."""
    return _arquitetura("rest", "gunicorn + DRF", lambda s: s.porta_rest)


def arquitetura_grpc() -> Figure:
    """A arquitetura gRPC: cada serviço num servidor grpcio, sobre os mesmos bancos."""
    return _arquitetura("grpc", "servidor grpcio", lambda s: s.porta_grpc)


def _arquitetura(transporte: str, servidor: str, porta: Callable[[Servico], int]) -> Figure:
    cor, passo = CORES[transporte], 11.0
    figura, eixos = quadro(passo * len(cadeia()) + 10)
    alturas = {s.nome: passo * (len(cadeia()) - i) - 5 for i, s in enumerate(cadeia())}
    alturas["catalogo"] = alturas["pedidos"]
    for nome, y in alturas.items():
        x = 88.0 if nome == "catalogo" else 48.0
        detalhe = f"{servidor}, porta {porta(SERVICOS[nome])}"
        caixa(eixos, (x, y), acentuado(nome), detalhe, cor=cor, largura=23)
        banco = (x, y - 9) if nome == "catalogo" else (16.0, y)
        borda = (x, y - 3) if nome == "catalogo" else (36.5, y)
        seta(eixos, borda, banco, cor=CINZA, espessura=0.9, ponta="-")
        cilindro(eixos, banco, f"{nome}.db")
    _quem_chega(eixos, alturas["pedidos"], transporte)
    for fazer, desfazer in da_cadeia():
        topo, fundo = alturas[fazer.de] - 3, alturas[fazer.para] + 3
        meio = (topo + fundo) / 2
        seta(eixos, (46, topo), (46, fundo), cor=cor)
        rotulo(eixos, (44.5, meio), _nome(fazer, transporte), ha="right")
        seta(eixos, (50, topo), (50, fundo), cor=CINZA, linha=(0, (4, 2)))
        rotulo(eixos, (51.5, meio), _nome(desfazer, transporte), ha="left", color=CINZA)
    _ao_catalogo(eixos, alturas, transporte)
    _legenda(eixos, cor)
    return figura


def _quem_chega(eixos: Axes, y: float, transporte: str) -> None:
    """O cliente acima do serviço de pedidos, e o `retomar` acima do banco deles."""
    caixa(eixos, (48, y + 11.5), "cliente", largura=12, altura=4.4)
    seta(eixos, (48, y + 9.3), (48, y + 3), cor=CORES[transporte])
    entrada = "POST /pedidos" if transporte == "rest" else "CriarPedido"
    rotulo(eixos, (46.5, y + 6.2), entrada, ha="right")
    onde = (16.0, y + 10.5)
    caixa(eixos, onde, "retomar", "leva ao fim o inacabado", largura=22, borda="--", fundo=TENUE)
    seta(eixos, (16, y + 7.5), (16, y + 2.4), cor=CINZA, espessura=0.9, ponta="-")


def _legenda(eixos: Axes, cor: str) -> None:
    tracos = ((14, cor, "-", "faz"), (10.5, CINZA, (0, (4, 2)), "desfaz"), (7, cor, ":", "vitrine"))
    for y, tinta, linha, dizeres in tracos:
        seta(eixos, (76, y), (82, y), cor=tinta, linha=linha)
        texto(eixos, (83.5, y), dizeres, ha="left", fontsize=6.8)


def _ao_catalogo(eixos: Axes, alturas: dict[str, float], transporte: str) -> None:
    precos, saldos = _chamada("pedidos", "catalogo"), _chamada("catalogo", "estoque")
    y = alturas["pedidos"]
    seta(eixos, (59.5, y), (76.5, y), cor=CORES[transporte])
    texto(eixos, (68, y + 1.6), _nome(precos, transporte), fontsize=6.8)
    # a vitrine: do catálogo ao estoque, por fora da cadeia
    x, fundo = 80.0, alturas["estoque"]
    eixos.plot([x, x], [y - 3, fundo], color=CORES[transporte], lw=1.2, ls=":")
    seta(eixos, (x, fundo), (59.5, fundo), cor=CORES[transporte], linha=":")
    texto(eixos, (70, fundo + 1.6), _nome(saldos, transporte), fontsize=6.8)


def _chamada(de: str, para: str) -> Salto:
    return next(c for c in chamadas() if (c.de, c.para) == (de, para))


def _nome(salto: Salto, transporte: str) -> str:
    return salto.verbo.rest if transporte == "rest" else salto.verbo.grpc


def fluxo() -> Figure:
    """O fluxo de um checkout: o que cada serviço grava antes de chamar o próximo."""
    figura, eixos = quadro(40)
    passo = 100 / len(cadeia())
    verbos = ["criar", *(fazer.verbo.nome for fazer, _ in da_cadeia())]
    alcancados = (*A_CAMINHO, Status.ENVIADO)
    xs = [passo * (i + 0.5) for i in range(len(cadeia()))]
    for x, servico, verbo, status in zip(xs, cadeia(), verbos, alcancados, strict=True):
        caixa(
            eixos, (x, 35.5), acentuado(servico.nome), f"{verbo} + commit", largura=16, fundo=TENUE
        )
        rotulo(eixos, (x, 30.3), f"pedido: {status}", fontsize=6.3)
    for x, seguinte in pairwise(xs):
        seta(eixos, (x + 8, 35.5), (seguinte - 8, 35.5))
    feito = "tudo feito: 201, pedido enviado, com pagamento, nota e rastreamento"
    _volta(eixos, xs, 24, "-", feito)
    recusa = "recusa: cada um desfaz o seu passo e a devolve; 422, pedido cancelado"
    _volta(eixos, xs[:-1], 15, "--", recusa)
    falta = "sem resposta: ninguém desfaz; 202, e o retomar percorre a cadeia outra vez"
    _volta(eixos, xs, 6, ":", falta)
    return figura


def _volta(eixos: Axes, xs: list[float], y: float, linha: str, dizeres: str) -> None:
    """Uma resposta que sobe a cadeia até o pedido."""
    for seguinte, x in zip(xs[:0:-1], xs[-2::-1], strict=True):
        seta(eixos, (seguinte - 0.6, y), (x + 0.6, y), linha=linha)
    eixos.plot(xs, [y] * len(xs), "o", color=TINTA, markersize=3)
    texto(eixos, (xs[0], y - 2.6), dizeres, ha="left", fontsize=7)


def transicoes() -> Iterator[tuple[Status, Status, str]]:
    """De que estado a que estado um pedido passa, e por quê, como o domínio diz."""
    for de, destinos in TRANSICOES.items():
        for para, por in destinos.items():
            yield de, para, por


def estados() -> Figure:
    """Os estados de um pedido; os que estão a caminho saem todos pelas mesmas portas."""
    figura, eixos = quadro(40)
    _a_caminho(eixos)
    onde = {
        Status.ENVIADO: (70.0, 30.0),
        Status.ENTREGUE: (92.0, 30.0),
        Status.CANCELANDO: (70.0, 7.0),
        Status.CANCELADO: (92.0, 18.5),
    }
    for status, centro in onde.items():
        final = status in (Status.ENTREGUE, Status.CANCELADO)
        caixa(eixos, centro, status, largura=15, altura=5, fundo=TENUE if final else "white")
    saidas = {(para, por) for de, para, por in transicoes() if de in A_CAMINHO}
    borda = 45.0  # do quadro de quem está a caminho
    for para, por in sorted(saidas, key=lambda saida: saida[0]):
        if para in onde:
            _entre(eixos, (borda, onde[para][1]), onde[para], por)
    for de, para, por in transicoes():
        if de in onde and para in onde:
            _entre(eixos, onde[de], onde[para], por, de_caixa=True)
        elif de in onde:  # volta ao quadro de quem está a caminho
            x, y = onde[de]
            seta(eixos, (x, y - 2.5), (borda, y - 5), cor=CINZA)
            texto(eixos, ((x + borda) / 2 + 4, y - 5.2), por, fontsize=6.3, color=CINZA)
    return figura


def _a_caminho(eixos: Axes) -> None:
    """Os quatro estados de quem ainda percorre a cadeia, num quadro só."""
    caixa(eixos, (24, 18.5), "", largura=42, altura=36, cor=CINZA, borda="--")
    texto(eixos, (24, 34.4), "a caminho (o retomar o leva adiante)", fontsize=7, color=CINZA)
    ys = [29.6 - 7.6 * i for i in range(len(A_CAMINHO))]
    for y, status in zip(ys, A_CAMINHO, strict=True):
        caixa(eixos, (27, y), status, largura=24, altura=4.6)
    seta(eixos, (6, ys[0]), (15, ys[0]))
    eixos.plot(6, ys[0], "o", color=TINTA, markersize=7)
    for de, para, por in transicoes():
        if de in A_CAMINHO and para in A_CAMINHO:
            i, j = A_CAMINHO.index(de), A_CAMINHO.index(para)
            if j == i + 1:
                seta(eixos, (27, ys[i] - 2.3), (27, ys[j] + 2.3))
                texto(eixos, (28, ys[i] - 3.8), por, ha="left", fontsize=6.3, color=CINZA)
            else:  # quem respondeu já tinha dado mais de um passo
                seta(eixos, (15, ys[i]), (15, ys[j] + 1), cor=CINZA, curva=0.5)


def _entre(
    eixos: Axes, de: tuple[float, float], para: tuple[float, float], por: str, **opcoes: bool
) -> None:
    """A seta de uma transição, que encosta na caixa de chegada, com o motivo ao meio."""
    de_caixa = opcoes.get("de_caixa", False)
    if de[1] == para[1]:
        comeco, fim = (de[0] + 7.5 if de_caixa else de[0], de[1]), (para[0] - 7.5, para[1])
        seta(eixos, comeco, fim)
        texto(eixos, (min(comeco[0] + 8, (comeco[0] + fim[0]) / 2), de[1] + 1.5), por, fontsize=6.3)
        return
    sinal = 1 if para[1] > de[1] else -1
    comeco, fim = (de[0], de[1] + 2.5 * sinal), (para[0], para[1] - 2.5 * sinal)
    seta(eixos, comeco, fim)
    if sinal > 0:
        rotulo(eixos, (0.6 * de[0] + 0.4 * para[0], 0.6 * comeco[1] + 0.4 * fim[1]), por)
    else:
        rotulo(eixos, ((de[0] + para[0]) / 2, (de[1] + para[1]) / 2 + 5.5), por)


DIAGRAMAS: dict[str, Callable[[], Figure]] = {
    "arquitetura-rest": arquitetura_rest,
    "arquitetura-grpc": arquitetura_grpc,
    "fluxo": fluxo,
    "estados": estados,
    "sequencia-compensacao": compensacao,
    "sequencia-retomada": retomada,
}


def desenhar(pasta: Path) -> dict[str, str]:
    """Grava em `pasta` todos os diagramas; devolve nome -> o que mostra."""
    pasta.mkdir(parents=True, exist_ok=True)
    with estilo():
        for nome, funcao in DIAGRAMAS.items():
            salvar(funcao(), pasta / nome)
    return {nome: (funcao.__doc__ or "").strip() for nome, funcao in DIAGRAMAS.items()}
