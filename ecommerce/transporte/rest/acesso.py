"""Quem pode chamar: a chave da loja, a chave interna ou uma pessoa da equipe com a permissão."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.throttling import AnonRateThrottle

from ecommerce.acesso import Quem, a_equipe_pode, quem_pode
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
        # OPTIONS pergunta o que se pode ali: responde a quem pode alguma coisa
        acoes = view.action_map.values() if request.method == "OPTIONS" else [view.action]
        return any(pode(request.user, view, acao) for acao in acoes)


def pode(quem: Any, view: Any, acao: str | None) -> bool:
    """Se quem pede (`request.user`) pode a ação da view.

    Sem ação o método não existe ali: que a resposta a quem se identificou seja 405, e não 403.
    """
    caso_de_uso = caso_da(view, acao)
    aberta_a = quem_pode(caso_de_uso)
    if aberta_a is Quem.TODOS:
        return True
    if isinstance(quem, Portador):
        return acao is None or quem.chave in (Quem.INTERNA, aberta_a)
    return bool(quem.is_staff) and (acao is None or a_equipe_pode(quem, caso_de_uso))


def caso_da(view: Any, acao: str | None) -> object:
    """O caso de uso da ação; a que não diz de que caso de uso é fica só para a chave interna."""
    return getattr(view, "casos", {}).get(acao)


class LimiteDeAnonimos(AnonRateThrottle):
    """O do DRF, menos a hora da máquina: se ela se atrasa, o minuto de espera viraria horas."""

    timer = time.monotonic
