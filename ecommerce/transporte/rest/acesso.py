"""Quem pode chamar: a chave da loja, a chave interna ou uma pessoa da equipe."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.throttling import AnonRateThrottle

from ecommerce.acesso import Quem, quem_pode
from ecommerce.erros import NaoPermitido
from ecommerce.transporte.chaves import portador


@dataclass(frozen=True)
class Portador:
    """Um programa que apresentou uma chave: a da loja ou a interna."""

    chave: Quem
    is_authenticated = True
    is_staff = False
    pk = None


class ChaveDeServico(BaseAuthentication):
    """`Authorization: Bearer <chave>`. Uma chave que não é nenhuma das duas é recusada com 403."""

    def authenticate(self, request: Request) -> tuple[Portador, str] | None:
        cabecalho = request.META.get("HTTP_AUTHORIZATION")
        if cabecalho is None:
            return None
        if (quem := portador(cabecalho)) is None:
            raise NaoPermitido("A chave apresentada não é válida.")
        return Portador(quem), quem.value

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="ecommerce"'


class Acesso(BasePermission):
    """Cada ação de uma view está aberta a quem pode o caso de uso que está em `casos` dela."""

    def has_permission(self, request: Request, view: Any) -> bool:
        aberta_a = quem_pode_a_acao(view)
        if aberta_a is Quem.TODOS:
            return True
        quem: Any = request.user
        if isinstance(quem, Portador):
            # sem ação o método não existe ali: que a resposta seja 405, e não 403
            sem_acao = getattr(view, "action", None) is None
            return sem_acao or quem.chave in (Quem.INTERNA, aberta_a)
        return bool(quem.is_authenticated and quem.is_staff)


def quem_pode_a_acao(view: Any) -> Quem:
    """De quem é a ação em curso; a que não diz de que caso de uso é fica só para a interna."""
    return quem_pode(getattr(view, "casos", {}).get(getattr(view, "action", None)))


class LimiteDeAnonimos(AnonRateThrottle):
    """O do DRF, menos a hora da máquina: se ela se atrasa, o minuto de espera viraria horas."""

    timer = time.monotonic
