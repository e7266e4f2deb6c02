"""Quem pode pedir cada operação: dito uma vez, com os casos de uso, e lido por todo transporte."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any


class Quem(Enum):
    """Os programas e o público, de menos a mais; as pessoas da equipe têm permissões."""

    INTERNA = "interna"
    LOJA = "loja"
    TODOS = "todos"


def abrir_a(quem: Quem, *casos_de_uso: Callable[..., Any]) -> None:
    """Diz que estes casos de uso estão abertos a `quem`, além da chave interna."""
    for caso_de_uso in casos_de_uso:
        caso_de_uso.quem_pode = quem  # type: ignore[attr-defined]


def pedir_permissao(permissao: str, *casos_de_uso: Callable[..., Any]) -> None:
    """Diz de que permissão do Django (`pedidos.change_pedido`) a equipe precisa para isto.

    Vale na API e nas ações do admin. O que não diz nada é só de programas.
    """
    for caso_de_uso in casos_de_uso:
        caso_de_uso.permissao = permissao  # type: ignore[attr-defined]


def quem_pode(caso_de_uso: object) -> Quem:
    """Do que não diz nada, só a chave interna."""
    return getattr(caso_de_uso, "quem_pode", Quem.INTERNA)


def permissao_de(caso_de_uso: object) -> str | None:
    """A permissão que a equipe precisa ter; None se é só de programas."""
    return getattr(caso_de_uso, "permissao", None)


def a_equipe_pode(pessoa: Any, caso_de_uso: object) -> bool:
    """Se a pessoa (`User`) tem a permissão; como no admin do Django, quem muda também vê."""
    permissao = permissao_de(caso_de_uso)
    if permissao is None:
        return False
    de_quem_muda = permissao.replace(".view_", ".change_")
    return bool(pessoa.has_perm(permissao) or pessoa.has_perm(de_quem_muda))
