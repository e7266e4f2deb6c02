"""De quem é a chave que uma chamada apresenta, igual em todo transporte."""

from __future__ import annotations

from hmac import compare_digest

from django.conf import settings

from ecommerce.acesso import Quem


def portador(credencial: str) -> Quem | None:
    """LOJA ou INTERNA, de quem é o `Bearer <chave>`; None se não é de ninguém."""
    esquema, _, chave = credencial.partition(" ")
    apresentada = chave.strip().encode()
    # as duas comparações sempre, para que o tempo não diga de quem a chave se parece
    da_loja = compare_digest(apresentada, settings.CHAVE_LOJA.encode())
    interna = compare_digest(apresentada, settings.CHAVE_INTERNA.encode())
    if esquema.lower() != "bearer" or not (da_loja or interna):
        return None
    return Quem.INTERNA if interna else Quem.LOJA
