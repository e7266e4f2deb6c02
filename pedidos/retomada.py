"""Levar ao fim os pedidos que ficaram pelo caminho, um de cada vez por quem o reivindica."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from ecommerce.banco.transacao import transacao
from pedidos import casos_de_uso
from pedidos.dominio import DESISTENCIA, INACABADOS, Retrato
from pedidos.models import Pedido
from pedidos.saga import Pagamentos

ESPERA_INICIAL_S = 0.25
ESPERA_MAXIMA_S = 5.0  # para que um pedido termine até 15 s depois que os serviços voltam
ESPERA_MAXIMA_APOS_DEFEITO_S = 300.0
POR_VEZ = 200
CHAVES_VALEM = timedelta(days=30)


def por_retomar() -> list[int]:
    """Números dos pedidos que já podem ser retomados, os mais antigos primeiro."""
    agora = timezone.now()
    return list(_maduros(agora).order_by("id").values_list("id", flat=True)[:POR_VEZ])


def tentar_de_novo(pedido_id: int, pagamentos: Mapping[str, Pagamentos]) -> Retrato | None:
    """Conduz um pedido mais uma vez, ou desiste dele se já passou de DESISTIR_APOS_S.

    `pagamentos` vai do transporte ao cliente: o pedido segue por onde chegou. Devolve None se
    outro o reivindicou antes. Levanta SemResposta se nem o banco deste serviço responde.
    """
    pedido = _reivindicar(pedido_id)
    if pedido is None:
        return None
    try:
        retrato = _levar_ou_desistir(pedido, pagamentos[pedido.transporte])
    except Exception:  # um defeito nosso: que não volte a toda hora, nem encha o log
        _adiar(pedido, espera_apos_defeito_s(pedido.tentativas))
        raise
    if not retrato.terminado:
        _adiar(pedido, espera_s(pedido.tentativas))
    return retrato


def _levar_ou_desistir(pedido: Pedido, pagamentos: Pagamentos) -> Retrato:
    if timezone.now() - pedido.data_criacao > timedelta(seconds=settings.DESISTIR_APOS_S):
        return casos_de_uso.cancelar_pedido(
            pedido_id=pedido.pk, pagamentos=pagamentos, motivo=DESISTENCIA
        )
    return casos_de_uso.retomar_pedido(pedido_id=pedido.pk, pagamentos=pagamentos)


def espera_s(tentativas: int) -> float:
    """Segundos até a próxima tentativa: dobram a cada uma, até 5, com metade ao acaso."""
    teto = min(ESPERA_MAXIMA_S, ESPERA_INICIAL_S * 2.0 ** min(tentativas, 10))
    return teto * random.uniform(0.5, 1.0)


def espera_apos_defeito_s(tentativas: int) -> float:
    """Segundos até tentar de novo um pedido em que este programa falhou: dobram, até 5 minutos."""
    return min(ESPERA_MAXIMA_APOS_DEFEITO_S, 5.0 * 2.0 ** min(tentativas, 10))


def liberar_chaves_antigas() -> int:
    """Esquece as chaves de idempotência de mais de 30 dias; devolve quantas eram.

    Aos poucos, porque quem compra também precisa gravar.
    """
    antigas = Pedido.objects.filter(
        chave_idempotencia__isnull=False, data_criacao__lt=timezone.now() - CHAVES_VALEM
    ).exclude(status__in=INACABADOS)
    liberadas = ultimo = 0
    while numeros := list(
        antigas.filter(pk__gt=ultimo).order_by("pk").values_list("pk", flat=True)[:POR_VEZ]
    ):
        ultimo = numeros[-1]
        with transacao():
            liberadas += antigas.filter(pk__in=numeros).update(chave_idempotencia=None)
    return liberadas


def _maduros(agora: datetime) -> QuerySet[Pedido]:
    """Os inacabados de que ninguém está cuidando: nem a requisição deles, nem outro `retomar`."""
    demorou = agora - timedelta(seconds=settings.RETOMAR_APOS_S)
    sem_requisicao = (
        Q(em_curso_ate=None) | Q(em_curso_ate__lte=agora) | Q(data_criacao__lte=demorou)
    )
    livres = Q(retomar_em=None) | Q(retomar_em__lte=agora)
    return Pedido.objects.filter(sem_requisicao, livres, status__in=INACABADOS)


def _reivindicar(pedido_id: int) -> Pedido | None:
    """Toma o pedido para si até o prazo de um checkout; só um de vários consegue."""
    agora = timezone.now()
    ate = agora + timedelta(milliseconds=settings.PRAZO_CHECKOUT_MS)
    with transacao():
        meu = _maduros(agora).filter(pk=pedido_id)
        if not meu.update(retomar_em=ate, tentativas=F("tentativas") + 1):
            return None
    return Pedido.objects.get(pk=pedido_id)


def _adiar(pedido: Pedido, segundos: float) -> None:
    quando = timezone.now() + timedelta(seconds=segundos)
    with transacao():
        Pedido.objects.filter(pk=pedido.pk).update(retomar_em=quando)
