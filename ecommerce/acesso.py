"""Quem pode pedir cada operação: dito uma vez, com os casos de uso, e lido por todo transporte."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any


class Quem(Enum):
    """De menos a mais gente; a equipe, com a sua sessão, pode o que a chave interna pode."""

    INTERNA = "interna"
    LOJA = "loja"
    TODOS = "todos"


def abrir_a(quem: Quem, *casos_de_uso: Callable[..., Any]) -> None:
    """Diz que estes casos de uso estão abertos a `quem`, além da chave interna."""
    for caso_de_uso in casos_de_uso:
        caso_de_uso.quem_pode = quem  # type: ignore[attr-defined]


def quem_pode(caso_de_uso: object) -> Quem:
    """Do que não diz nada, só a chave interna."""
    return getattr(caso_de_uso, "quem_pode", Quem.INTERNA)
