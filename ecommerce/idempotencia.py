"""A Idempotency-Key, que nomeia uma requisição só, igual em toda operação que a aceita."""

from __future__ import annotations

from ecommerce.erros import EntradaInvalida, Recusado


def exigir_chave_valida(chave: str | None) -> None:
    """Levanta EntradaInvalida se a chave, que pode faltar, não tem 1 a 255 ASCII imprimíveis."""
    if chave is not None and not (
        1 <= len(chave) <= 255 and chave.isascii() and chave.isprintable()
    ):
        raise EntradaInvalida(
            {"Idempotency-Key": ["Deve ter de 1 a 255 caracteres ASCII imprimíveis."]}
        )


def exigir_mesmo_corpo(anterior: object, atual: object) -> None:
    """Levanta Recusado se o que a chave já nomeia não é o que se pede agora."""
    if anterior != atual:
        raise Recusado("A chave já foi usada com outro corpo.", codigo="chave_reutilizada")
