"""Do modelo ao markdown, e do markdown à página: nenhum número se escreve à mão."""

from __future__ import annotations

import base64
import re
import struct
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.anchors import anchors_plugin

from ecommerce.servicos import SERVICOS
from ecommerce.transporte import disjuntor, vagas
from laboratorio import estatistica, formatos
from laboratorio.relatorio import chamadas, resumo
from laboratorio.relatorio.graficos import nome_da_falha
from laboratorio.relatorio.resumo import Dados

MODELOS = Path(__file__).parent / "modelos"
NAO_MEDIDO = "*Não medido nesta corrida.*"


class Figuras:
    """Numera as figuras à medida que o texto as põe; as que não foram feitas dizem isso."""

    def __init__(self, feitas: dict[str, str]) -> None:
        self._feitas = feitas
        self._postas = 0

    def __call__(self, nome: str) -> str:
        if nome not in self._feitas:
            return NAO_MEDIDO
        self._postas += 1
        dizeres = self._feitas[nome].rstrip(".")
        return f"![{dizeres}](graficos/{nome}.svg)\n\n*Figura {self._postas}. {dizeres}.*"


def escrever(dados: Dados, figuras: dict[str, str]) -> str:
    """O relatório em markdown; `figuras` é nome -> o que mostra, das que foram desenhadas."""
    ambiente = Environment(  # noqa: S701 - é markdown, e tudo o que entra é do laboratório
        loader=FileSystemLoader(MODELOS),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    ambiente.filters |= {
        "numero": formatos.numero,
        "por_cento": formatos.por_cento,
        "duracao": formatos.duracao,
        "quando": formatos.quando,
        "lista": formatos.lista,
        "acentuado": formatos.acentuado,
    }
    markdown = ambiente.get_template("relatorio.md.jinja").render(
        dados=dados, figura=Figuras(figuras), nao_medido=NAO_MEDIDO, **_conhecido()
    )
    return re.sub(r"\n{3,}", "\n\n", markdown)


def _conhecido() -> dict[str, Any]:
    """O que o texto toma do próprio código."""
    return {
        "resumo": resumo,
        "servicos": SERVICOS,
        "cadeia": chamadas.da_cadeia(),
        "chamadas": chamadas.chamadas(),
        "vagas": vagas.VAGAS,
        "faltas_para_abrir": disjuntor.FALTAS_PARA_ABRIR,
        "pausa_s": disjuntor.PAUSA_S,
        "confianca": estatistica.CONFIANCA,
        "nome_da_falha": nome_da_falha,
        "em_float": lambda reais: struct.unpack("f", struct.pack("f", reais))[0],
    }


def em_pagina(markdown: str, pasta: Path) -> str:
    """O relatório numa página que não pede nada a ninguém: figuras e estilo vão dentro dela."""
    leitor = MarkdownIt("commonmark").enable("table")
    leitor.use(anchors_plugin, min_level=2, max_level=3)
    fichas = leitor.parse(markdown)
    for ficha in fichas:
        for filha in ficha.children or ():
            if filha.type == "image":
                filha.attrSet("src", _embutida(pasta / str(filha.attrGet("src"))))
    corpo = leitor.renderer.render(fichas, leitor.options, {})
    ambiente = Environment(loader=FileSystemLoader(MODELOS), autoescape=True)
    return ambiente.get_template("pagina.html.jinja").render(
        corpo=corpo, titulo=_titulo(fichas), sumario=_sumario(fichas)
    )


def _embutida(imagem: Path) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(imagem.read_bytes()).decode()


def _titulo(fichas: list[Token]) -> str:
    return next(fichas[i + 1].content for i, f in enumerate(fichas) if f.tag == "h1")


def _sumario(fichas: list[Token]) -> list[tuple[str, str]]:
    """(âncora, título) de cada seção de segundo nível."""
    return [
        (str(ficha.attrGet("id")), fichas[i + 1].content)
        for i, ficha in enumerate(fichas)
        if ficha.type == "heading_open" and ficha.tag == "h2"
    ]
