"""Os textos que se guardam e passam adiante: em que forma ficam, e o que uma nota comporta.

Leiaute da NF-e 4.00: `xNome`, `xProd` e `email` são do tipo `TString` (tiposBasico_v4.00.xsd).
"""

from __future__ import annotations

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

NOME_MINIMO, NOME_MAXIMO = 2, 60  # de um cliente
PRODUTO_MAXIMO = 120  # o nome de um produto
EMAIL_MAXIMO = 60
TOKEN_MAXIMO = 64
# o TString, menos os caracteres de controle que ele ainda admite (U+007F a U+009F)
_DA_NOTA = re.compile("[!-~¡-ÿ]([ -~\xa0-ÿ]*[!-~¡-ÿ])?")


def normalizado(texto: str) -> str:
    """O texto em NFC e sem espaços em volta, como se confere, se guarda e se compara."""
    return unicodedata.normalize("NFC", texto).strip()


def email_normalizado(texto: str) -> str:
    """O e-mail em minúsculas e normalizado; pode ficar mais comprido que o texto."""
    return normalizado(texto.lower())


def normalizar(mensagem: object, *campos: str) -> None:
    """Normaliza os textos de uma mensagem imutável, enquanto ela se cria; nulos ficam nulos."""
    for campo in campos:
        if (texto := getattr(mensagem, campo)) is not None:
            object.__setattr__(mensagem, campo, normalizado(texto))


def validar_nome(nome: str, campo: str) -> dict[str, list[str]]:
    """Erros, por caminho do campo, do nome já normalizado de um cliente."""
    return _validar_da_nota(nome, campo, NOME_MINIMO, NOME_MAXIMO)


def validar_produto(nome: str, campo: str) -> dict[str, list[str]]:
    """Erros, por caminho do campo, do nome já normalizado de um produto."""
    return _validar_da_nota(nome, campo, 1, PRODUTO_MAXIMO)


def validar_email(email: str, campo: str) -> dict[str, list[str]]:
    """Erros, por caminho do campo, de um e-mail já normalizado que se quer cadastrar."""
    try:
        validate_email(email)
    except ValidationError as erro:
        return {campo: list(erro.messages)}
    return validar_email_da_nota(email, campo)


def validar_email_da_nota(email: str, campo: str) -> dict[str, list[str]]:
    """Erros, por caminho do campo, de um e-mail já cadastrado."""
    return _validar_da_nota(email, campo, 1, EMAIL_MAXIMO)


def validar_token(token: str, campo: str) -> dict[str, list[str]]:
    """Erros, por caminho do campo, do token já normalizado de um cartão."""
    serve = 1 <= len(token) <= TOKEN_MAXIMO and "\0" not in token
    return {} if serve else {campo: [f"Deve ter de 1 a {TOKEN_MAXIMO} caracteres."]}


def _validar_da_nota(valor: str, campo: str, minimo: int, maximo: int) -> dict[str, list[str]]:
    if minimo <= len(valor) <= maximo and _DA_NOTA.fullmatch(valor):
        return {}
    quantos = f"Deve ter de {minimo} a {maximo} caracteres"
    return {campo: [f"{quantos}, só dos que uma nota fiscal comporta (até o ÿ do Latin-1)."]}
