"""Quem pode chamar: a chave da loja, a chave interna ou uma pessoa da equipe."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from ecommerce.erros import NaoPermitido
from ecommerce.transporte.chaves import INTERNA, portador


@dataclass(frozen=True)
class Portador:
    """Um programa que apresentou uma chave: `loja` ou `interna`."""

    chave: str
    is_authenticated = True
    is_staff = False
    pk = None


class ChaveDeServico(BaseAuthentication):
    """`Authorization: Bearer <chave>`. Uma chave que não é nenhuma das duas é recusada com 403."""

    def authenticate(self, request: Request) -> tuple[Portador, str] | None:
        cabecalho = request.META.get("HTTP_AUTHORIZATION")
        if cabecalho is None:
            return None
        if (nome := portador(cabecalho)) is None:
            raise NaoPermitido("A chave apresentada não é válida.")
        return Portador(nome), nome

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="ecommerce"'


class Acesso(BasePermission):
    """Cada view diz em `acoes_publicas` e `acoes_da_loja` o que abre; o resto é interno."""

    def has_permission(self, request: Request, view: Any) -> bool:
        acao = getattr(view, "action", None)
        if acao in getattr(view, "acoes_publicas", ()):
            return True
        quem: Any = request.user
        if isinstance(quem, Portador):
            # sem ação o método não existe ali: que a resposta seja 405, e não 403
            da_loja = acao is None or acao in getattr(view, "acoes_da_loja", ())
            return quem.chave == INTERNA or da_loja
        return bool(quem.is_authenticated and quem.is_staff)
