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


def abrir_a_loja(*casos_de_uso: Callable[..., Any]) -> None:
    """Também com a chave da loja."""
    for caso_de_uso in casos_de_uso:
        caso_de_uso.quem_pode = Quem.LOJA  # type: ignore[attr-defined]


def abrir_a_todos(*casos_de_uso: Callable[..., Any]) -> None:
    """Também sem chave alguma."""
    for caso_de_uso in casos_de_uso:
        caso_de_uso.quem_pode = Quem.TODOS  # type: ignore[attr-defined]


def quem_pode(caso_de_uso: object) -> Quem:
    """Do que não diz nada, só a chave interna."""
    return getattr(caso_de_uso, "quem_pode", Quem.INTERNA)
