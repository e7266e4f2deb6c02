"""Quem pode pedir cada operação: dito uma vez, no caso de uso, e lido por todos os transportes."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


class Quem(Enum):
    """De menos a mais gente; a equipe, com a sua sessão, pode o que a chave interna pode."""

    INTERNA = "interna"
    LOJA = "loja"
    TODOS = "todos"


def aberta_a_loja(caso_de_uso: F) -> F:
    """Também com a chave da loja."""
    caso_de_uso.quem_pode = Quem.LOJA  # type: ignore[attr-defined]
    return caso_de_uso


def aberta_a_todos(caso_de_uso: F) -> F:
    """Também sem chave alguma."""
    caso_de_uso.quem_pode = Quem.TODOS  # type: ignore[attr-defined]
    return caso_de_uso


def quem_pode(caso_de_uso: object) -> Quem:
    """Do que não diz nada, só a chave interna."""
    return getattr(caso_de_uso, "quem_pode", Quem.INTERNA)
