"""Pilhas amostradas, num gráfico de chamas (SVG) com uma cor por camada."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from jinja2 import Environment

from laboratorio.formatos import por_cento
from laboratorio.perfil.camadas import OUTROS, camada_do_arquivo, cor_da_camada

LARGURA, ALTURA, MARGEM = 1600, 17, 10  # px
TOPO = 76
LARGURA_DE_LETRA = 6.7
MENOR = 0.6  # px; mais estreito não se vê


class Funcao(NamedTuple):
    """Um quadro de uma pilha; `arquivo` em sua forma curta."""

    nome: str
    arquivo: str


Pilha = tuple[Funcao, ...]  # de fora para dentro


@dataclass
class _No:
    """Uma função onde foi chamada: a camada, quantas amostras a têm na pilha, e quem ela chama."""

    camada: str
    amostras: int = 0
    filhos: dict[Funcao, _No] = field(default_factory=dict)


class Retangulo(NamedTuple):
    """Um retângulo do gráfico; `fracao` é do total das amostras."""

    texto: str
    cor: str
    x: float
    y: float
    largura: float
    fracao: float
    camada: str


_MODELO = Environment(autoescape=True).from_string(
    """<svg xmlns="http://www.w3.org/2000/svg" width="{{ largura }}" height="{{ altura }}"
 viewBox="0 0 {{ largura }} {{ altura }}" font-family="monospace" font-size="11">
<rect width="100%" height="100%" fill="#ffffff"/>
<text x="{{ largura / 2 }}" y="24" font-size="16" text-anchor="middle">{{ titulo }}</text>
{% for camada, cor, fracao in legenda -%}
<rect x="{{ 10 + loop.index0 * 155 }}" y="42" width="12" height="12" fill="{{ cor }}"/>
<text x="{{ 26 + loop.index0 * 155 }}" y="52">{{ camada }} {{ fracao }}</text>
{% endfor %}
{% for q in quadros -%}
<g><title>{{ q.texto }}: {{ por_cento(q.fracao, 1) }}, {{ q.camada }}</title>
<rect x="{{ '%.1f' % q.x }}" y="{{ q.y }}" width="{{ '%.1f' % q.largura }}" height="16"
 fill="{{ q.cor }}" stroke="#ffffff" stroke-width="0.4"/>
<text x="{{ '%.1f' % (q.x + 3) }}" y="{{ q.y + 12 }}">{{ q.texto[: letras(q.largura)] }}</text></g>
{% endfor %}</svg>
"""
)


def camada_da_pilha(pilha: Pilha) -> str:
    """A do quadro mais interno que alguma camada reconhece."""
    camadas = (camada_do_arquivo(funcao.arquivo) for funcao in reversed(pilha))
    return next((camada for camada in camadas if camada), OUTROS)


def desenhar(pilhas: Counter[Pilha], titulo: str) -> str:
    """O SVG: a largura é a CPU, e cada função está debaixo de quem a chamou.

    Passar o ponteiro mostra o nome inteiro, a porcentagem e a camada.
    """
    raiz = _arvore(pilhas)
    por_camada: Counter[str] = Counter()
    for pilha, amostras in pilhas.items():
        por_camada[camada_da_pilha(pilha)] += amostras
    quadros = list(_retangulos(raiz, MARGEM, TOPO, raiz))
    return _MODELO.render(
        titulo=titulo,
        largura=LARGURA,
        altura=max(q.y for q in quadros) + 3 * ALTURA,
        legenda=[
            (camada, cor_da_camada(camada), por_cento(amostras / raiz.amostras))
            for camada, amostras in por_camada.most_common()
        ],
        quadros=quadros,
        por_cento=por_cento,
        letras=lambda largura: max(0, int((largura - 4) / LARGURA_DE_LETRA)),
    )


def _arvore(pilhas: Counter[Pilha]) -> _No:
    raiz = _No(OUTROS)
    for pilha, amostras in pilhas.items():
        no = raiz
        no.amostras += amostras
        for funcao in pilha:
            camada = camada_do_arquivo(funcao.arquivo) or no.camada
            no = no.filhos.setdefault(funcao, _No(camada))
            no.amostras += amostras
    return raiz


def _retangulos(no: _No, x: float, y: float, raiz: _No) -> Iterator[Retangulo]:
    escala = (LARGURA - 2 * MARGEM) / raiz.amostras
    for funcao, filho in sorted(no.filhos.items()):
        largura = filho.amostras * escala
        if largura >= MENOR:
            texto = f"{funcao.nome} ({funcao.arquivo})"
            fracao = filho.amostras / raiz.amostras
            yield Retangulo(texto, cor_da_camada(filho.camada), x, y, largura, fracao, filho.camada)
            yield from _retangulos(filho, x, y + ALTURA, raiz)
        x += largura
