"""O que o unfold e o DRF dizem: tudo traduzido, por eles, pelo Django ou por nós."""

from __future__ import annotations

import ast
import gettext
import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.utils import translation
from django.utils.translation.template import templatize

from ecommerce import administracao

TRADUZIR = {"_", "gettext", "gettext_lazy", "ngettext", "pgettext"}
NO_TEMPLATE = re.compile(r"gettext\(\s*u?((?:\"(?:[^\"\\]|\\.)*\")|(?:'(?:[^'\\]|\\.)*'))")
# iguais nas duas línguas, ou que só programas veem
DISPENSADOS = {
    "%(full_result_count)s total",
    "A valid biginteger is required.",
    "Integer value too large to convert to float",
}
POR_INSTALAR = {"authtoken", "contrib"}  # pastas de aplicações que aqui não se usam
TEXTOS = Path(administracao.__file__).parent / "locale" / "pt_BR" / "LC_MESSAGES"


def mensagens(pacote: str) -> Iterator[str]:
    """Os textos que o pacote manda traduzir, em Python e nos templates."""
    achado = find_spec(pacote)
    assert achado and achado.origin
    raiz = Path(achado.origin).parent
    for caminho in raiz.rglob("*.*"):
        if POR_INSTALAR & set(caminho.relative_to(raiz).parts):
            continue
        if caminho.suffix == ".html":
            for texto in NO_TEMPLATE.findall(templatize(caminho.read_text(encoding="utf-8"))):
                yield ast.literal_eval(texto)
        if caminho.suffix == ".py":
            yield from _no_python(ast.parse(caminho.read_text(encoding="utf-8")))


def _no_python(arvore: ast.AST) -> Iterator[str]:
    for no in ast.walk(arvore):
        if isinstance(no, ast.Call) and ast.unparse(no.func) in TRADUZIR:
            texto = no.args[-1] if ast.unparse(no.func) == "pgettext" else no.args[0]
            if isinstance(texto, ast.Constant):
                yield str(texto.value)


@pytest.mark.parametrize("pacote", ["unfold", "unfold.contrib.filters", "rest_framework"])
def teste_nada_fica_em_ingles(pacote: str) -> None:
    with translation.override("pt-br"):
        textos = set(mensagens(pacote)) - DISPENSADOS
        assert textos
        assert {texto for texto in textos if translation.gettext(texto) == texto} == set()


def teste_o_mo_e_o_po_compilado() -> None:
    with (TEXTOS / "django.po").open(encoding="utf-8") as arquivo:
        escritas = [m for m in read_po(arquivo) if m.id]
    with (TEXTOS / "django.mo").open("rb") as arquivo_mo:
        compiladas = gettext.GNUTranslations(arquivo_mo)
    for mensagem in escritas:
        assert not mensagem.fuzzy
        if isinstance(mensagem.id, str):
            assert compiladas.gettext(mensagem.id) == mensagem.string
        else:
            um, muitos = mensagem.id
            lidas = tuple(compiladas.ngettext(um, muitos, quantos) for quantos in (1, 2))
            assert lidas == mensagem.string
    # e nada mais além do cabeçalho
    uma_a_uma = sum(1 if isinstance(m.id, str) else 2 for m in escritas)
    assert len(compiladas._catalog) == uma_a_uma + 1  # type: ignore[attr-defined]
