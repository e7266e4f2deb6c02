"""Diagramas de sequência: o checkout que se desfaz e o que é retomado."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ecommerce.servicos import SERVICOS
from estoque.dominio import Status as StatusSeparacao
from laboratorio.formatos import acentuado
from laboratorio.relatorio.chamadas import chamadas, da_cadeia
from laboratorio.relatorio.estilo import CINZA, TINTA
from laboratorio.relatorio.formas import caixa, quadro, rotulo, seta, texto
from pagamentos.dominio import Status as StatusPagamento
from pedidos.dominio import Status

PASSO = 5.0  # unidades entre um acontecimento e o seguinte


@dataclass(frozen=True)
class Mensagem:
    """Uma chamada (ou a `volta` dela); `perdida` é a que não chega."""

    de: str
    para: str
    dizeres: str
    volta: bool = False
    perdida: bool = False


@dataclass(frozen=True)
class Anotacao:
    """O que um participante grava: a `operacao` do seu registro e o `resultado`."""

    em: str
    operacao: str
    resultado: str


Acontecimento = Mensagem | Anotacao


def _pedir(de: str, para: str, verbo: str | None = None, *, perdida: bool = False) -> Mensagem:
    """A chamada de um serviço a outro com o nome que tem em cada transporte."""
    daqui = [
        c for c in chamadas() if (c.de, c.para) == (de, para) and verbo in (None, c.verbo.nome)
    ]
    return Mensagem(de, para, f"{daqui[0].verbo.rest}\n{daqui[0].verbo.grpc}", perdida=perdida)


def sem_estoque() -> list[Acontecimento]:
    """O pedido de que não há peças: a recusa sobe e o pagamento é estornado no caminho."""
    return [
        Mensagem("cliente", "pedidos", "POST /pedidos\nCriarPedido"),
        _pedir("pedidos", "catalogo"),
        Mensagem("catalogo", "pedidos", "nomes e preços", volta=True),
        Anotacao("pedidos", "criar_pedido", Status.PENDENTE),
        _pedir("pedidos", "pagamentos", "processar"),
        Anotacao("pagamentos", "processar_pagamento", StatusPagamento.APROVADO),
        _pedir("pagamentos", "estoque", "separar"),
        Anotacao("estoque", "separar_estoque", StatusSeparacao.RECUSADO),
        Mensagem("estoque", "pagamentos", "sem_estoque (422)", volta=True),
        Anotacao("pagamentos", "estornar_pagamento", StatusPagamento.ESTORNADO),
        Mensagem("pagamentos", "pedidos", "sem_estoque (422)", volta=True),
        Anotacao("pedidos", "cancelar_pedido", Status.CANCELADO),
        Mensagem("pedidos", "cliente", "sem_estoque (422)", volta=True),
    ]


def resposta_perdida() -> list[Acontecimento]:
    """A chamada que não volta: o pedido fica de pé e o `retomar` o leva ao fim."""
    segundo, _ = da_cadeia()[1]
    return [
        Mensagem("cliente", "pedidos", "POST /pedidos\nCriarPedido"),
        Anotacao("pedidos", "criar_pedido", Status.PENDENTE),
        _pedir("pedidos", "pagamentos", "processar"),
        Anotacao("pagamentos", "processar_pagamento", StatusPagamento.APROVADO),
        _pedir("pagamentos", segundo.para, segundo.verbo.nome, perdida=True),
        Mensagem("pagamentos", "pedidos", "sem resposta (503, 504)", volta=True),
        Anotacao("pedidos", "avancar_pedido", Status.PAGAMENTO_APROVADO),
        Mensagem("pedidos", "cliente", "a caminho (202)", volta=True),
        _do_retomar(),
        _pedir("pagamentos", segundo.para, segundo.verbo.nome),
        Anotacao("estoque", "separar_estoque", StatusSeparacao.SEPARADO),
        Mensagem("estoque", "pagamentos", "feito, daqui ao envio", volta=True),
        Mensagem("pagamentos", "retomar", "feito", volta=True),
        Anotacao("retomar", "concluir_pedido", Status.ENVIADO),
    ]


def _do_retomar() -> Mensagem:
    """O `retomar` é do serviço de pedidos e chama como ele."""
    return Mensagem("retomar", "pagamentos", _pedir("pedidos", "pagamentos", "processar").dizeres)


def compensacao() -> Figure:
    """Sequência com compensação: estoque recusado, pagamento estornado, pedido cancelado."""
    return _desenhar(["cliente", "pedidos", "catalogo", "pagamentos", "estoque"], sem_estoque())


def retomada() -> Figure:
    """Sequência de uma resposta perdida: nada se desfaz às cegas, e o pedido chega ao fim."""
    return _desenhar(["cliente", "pedidos", "retomar", "pagamentos", "estoque"], resposta_perdida())


def _desenhar(participantes: list[str], acontecimentos: list[Acontecimento]) -> Figure:
    altura = PASSO * (len(acontecimentos) + 1) + 7
    figura, eixos = quadro(altura)
    largura = 100 / len(participantes)
    xs = {nome: largura * (i + 0.5) for i, nome in enumerate(participantes)}
    for nome, x in xs.items():
        eixos.plot([x, x], [1, altura - 5], color=CINZA, lw=0.8, ls=(0, (3, 3)), zorder=0)
        detalhe = "serviço" if nome in SERVICOS else ""
        caixa(eixos, (x, altura - 3.5), acentuado(nome), detalhe, largura=14, altura=5)
    for i, acontecimento in enumerate(acontecimentos):
        y = altura - 7 - PASSO * (i + 1)
        if isinstance(acontecimento, Anotacao):
            _nota(eixos, xs[acontecimento.em], y, acontecimento)
        else:
            _mensagem(eixos, xs, y, acontecimento)
    return figura


def _nota(eixos: Axes, x: float, y: float, nota: Anotacao) -> None:
    caixa(eixos, (x, y + 0.9), "", largura=17.5, altura=3.8, cor=CINZA, fundo="#f3f3f3")
    texto(eixos, (x, y + 1.8), nota.operacao, fontsize=6.3)
    texto(eixos, (x, y - 0.1), nota.resultado, fontsize=6.6, weight="bold")


def _mensagem(eixos: Axes, xs: dict[str, float], y: float, mensagem: Mensagem) -> None:
    de, para = xs[mensagem.de], xs[mensagem.para]
    fim = de + (para - de) * 0.72 if mensagem.perdida else para
    ponta = "-" if mensagem.perdida else "-|>"
    seta(eixos, (de, y), (fim, y), linha="--" if mensagem.volta else "-", ponta=ponta)
    if mensagem.perdida:
        eixos.plot(fim, y, "x", color=TINTA, markersize=8, markeredgewidth=2)
    rotulo(eixos, ((de + para) / 2, y + 0.7), mensagem.dizeres, fontsize=6.2, va="bottom")
