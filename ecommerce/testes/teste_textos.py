"""Os textos: numa forma só, e só os que cabem no XML de uma nota."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecommerce.textos import (
    email_normalizado,
    normalizado,
    validar_email,
    validar_nome,
    validar_produto,
    validar_token,
)

# tal como está em tiposBasico_v4.00.xsd
TSTRING = re.compile("[!-ÿ]{1}[ -ÿ]{0,}[!-ÿ]{1}|[!-ÿ]{1}")
# o que se escreve em português, quase, e o que ninguém escreve
PALAVRAS = st.text() | st.text(st.characters(max_codepoint=0x17F), min_size=1)


@pytest.mark.parametrize(
    ("escrito", "guardado"),
    [
        (" Ana Souza\t\n", "Ana Souza"),
        ("\u2003Ana\xa0Souza\xa0", "Ana\xa0Souza"),
        ("Jose\u0301 Conceic\u0327a\u0303o", "José Conceição"),
        ("", ""),
    ],
)
def teste_um_texto_tem_uma_forma_so(escrito: str, guardado: str) -> None:
    assert normalizado(escrito) == guardado


@given(PALAVRAS)
def teste_normalizar_outra_vez_nao_muda_nada(texto: str) -> None:
    assert normalizado(normalizado(texto)) == normalizado(texto)
    assert email_normalizado(email_normalizado(texto)) == email_normalizado(texto)


@pytest.mark.parametrize("nome", ["Oi", "ÿÿ", "D'Ávila & Filhos <Ltda>", "x" * 60, "é" * 60])
def teste_nomes_que_cabem_numa_nota(nome: str) -> None:
    assert validar_nome(nome, "nome") == {}


@pytest.mark.parametrize(
    "nome",
    ["", "A", "x" * 61, "Łukasz", "D’Ávila", "Ana 😀", "An\0a", "An\ta", "An\na", "An\x7fa",
     "An\x85a", "An\ufffda", "An\ud800a", " Ana", "Ana ", "\xa0Ana", "Ana\n"],
)  # fmt: skip
def teste_nomes_que_nao_cabem_numa_nota(nome: str) -> None:
    assert list(validar_nome(nome, "nome")) == ["nome"]


@pytest.mark.parametrize(("tamanho", "serve"), [(0, False), (1, True), (120, True), (121, False)])
def teste_o_nome_de_um_produto_tem_de_1_a_120(tamanho: int, serve: bool) -> None:
    assert (validar_produto("x" * tamanho, "nome") == {}) == serve


@given(PALAVRAS)
def teste_o_que_se_aceita_cabe_no_xml_e_volta_igual(texto: str) -> None:
    for validar in (validar_nome, validar_produto, validar_email):
        if not validar(texto, "campo"):
            assert TSTRING.fullmatch(texto) and texto == normalizado(texto)
            elemento = ElementTree.Element("xNome")
            elemento.text = texto
            xml = ElementTree.tostring(elemento)
            assert ElementTree.fromstring(xml).text == texto  # noqa: S314 - é o de cima


@pytest.mark.parametrize(
    ("escrito", "guardado"),
    [
        (" Ana@Exemplo.com ", "ana@exemplo.com"),
        ("\u212aarl@exemplo.com", "karl@exemplo.com"),  # o sinal do kelvin
        ("ana@" + "x" * 52 + ".com", "ana@" + "x" * 52 + ".com"),
    ],
)
def teste_o_email_se_confere_como_se_guarda(escrito: str, guardado: str) -> None:
    assert email_normalizado(escrito) == guardado
    assert validar_email(guardado, "email") == {}


@pytest.mark.parametrize(
    "escrito",
    [
        "\u0130ris@exemplo.com",  # em minúsculas, o İ são dois caracteres
        "ana@" + "x" * 53 + ".com",
        "ana@exemplo.рф",  # um domínio que existe, mas que a nota não comporta
        "ana",
        "",
    ],
)
def teste_emails_que_nao_servem(escrito: str) -> None:
    assert list(validar_email(email_normalizado(escrito), "email")) == ["email"]


@pytest.mark.parametrize(
    ("token", "serve"),
    [("", False), ("t", True), ("t" * 64, True), ("t" * 65, False), ("é 😀", True), ("t\0", False)],
)
def teste_um_token_tem_de_1_a_64_caracteres(token: str, serve: bool) -> None:
    assert (validar_token(token, "token") == {}) == serve
