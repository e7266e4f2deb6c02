"""Os campos dos formulários do admin que seguem as mesmas regras das APIs."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import ValidationError


def aceito(texto: str, validar: Callable[[str, str], dict[str, list[str]]]) -> str:
    """O texto já normalizado, se a regra o aceita. Levanta ValidationError com o que ela diz."""
    for mensagens in validar(texto, "").values():
        raise ValidationError(mensagens)
    return texto
