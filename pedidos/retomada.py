"""Levar ao fim os pedidos que ficaram pelo caminho, um de cada vez por quem o reivindica."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from ecommerce.banco.transacao import transacao
from pedidos import casos_de_uso
from pedidos.dominio import A_CAMINHO, DESISTENCIA, INACABADOS, Retrato
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
    """Conduz um pedido mais uma vez, ou desiste dele se já se tentou por DESISTIR_APOS_S.

    `pagamentos` vai do transporte ao cliente: o pedido segue por onde chegou. Devolve None se
    outro o reivindicou antes. Levanta SemResposta se nem o banco deste serviço responde.
    """
    pedido = _reivindicar(pedido_id)
    if pedido is None:
        return None
    inicio = time.monotonic()
    try:
        retrato = _levar_ou_desistir(pedido, pagamentos[pedido.transporte])
    except Exception:  # um defeito nosso: que não volte a toda hora, nem encha o log
        _adiar(pedido, espera_apos_defeito_s(pedido.tentativas), inicio)
        raise
    if not retrato.terminado:
        _adiar(pedido, espera_s(pedido.tentativas), inicio)
    return retrato


def _levar_ou_desistir(pedido: Pedido, pagamentos: Pagamentos) -> Retrato:
    if pedido.status in A_CAMINHO and pedido.tentado_s > settings.DESISTIR_APOS_S:
        retrato = casos_de_uso.cancelar_pedido(
            pedido_id=pedido.pk, pagamentos=pagamentos, motivo=DESISTENCIA
        )
        if retrato.status not in A_CAMINHO:
            return retrato  # senão já estava entregue, e falta só sabê-lo
    return casos_de_uso.retomar_pedido(pedido_id=pedido.pk, pagamentos=pagamentos)


def espera_s(tentativas: int) -> float:
    """Segundos até a próxima tentativa: dobram a cada uma, até 5, com metade ao acaso."""
    teto = min(ESPERA_MAXIMA_S, ESPERA_INICIAL_S * 2.0 ** min(tentativas, 10))
    return teto * random.uniform(0.5, 1.0)


def espera_apos_defeito_s(tentativas: int) -> float:
    """Segundos até tentar de novo um pedido em que este programa falhou: dobram, até 5 minutos."""
    return min(ESPERA_MAXIMA_APOS_DEFEITO_S, 5.0 * 2.0 ** min(tentativas, 10))


def liberar_chaves_antigas(quando: datetime) -> int:
    """Esquece as chaves de idempotência que em `quando` tinham mais de 30 dias; devolve quantas.

    Aos poucos, porque quem compra também precisa gravar.
    """
    antigas = Pedido.objects.filter(
        chave_idempotencia__isnull=False, data_criacao__lt=quando - CHAVES_VALEM
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
    """Os inacabados de que ninguém está cuidando: nem a requisição deles, nem outro `retomar`.

    Uma espera só vale desde que se marcou até o seu fim: um relógio que se atrasa não a estica.
    """
    demorou = agora - timedelta(seconds=settings.RETOMAR_APOS_S)
    em_curso = Q(em_curso_ate__gt=agora, data_criacao__gt=demorou, data_criacao__lte=agora)
    esperando = Q(retomar_em__gt=agora, adiado_em__lte=agora)
    return Pedido.objects.filter(~em_curso, ~esperando, status__in=INACABADOS)


def _reivindicar(pedido_id: int) -> Pedido | None:
    """Toma o pedido para si até o prazo de um checkout; só um de vários consegue.

    Conta desde já a espera que vem depois da tentativa: também um pedido que derrube todos os
    processos que o tentam chega à desistência.
    """
    agora = timezone.now()
    maduro = _maduros(agora).filter(pk=pedido_id)
    pedido = maduro.first()
    if pedido is None:
        return None
    tentativas = pedido.tentativas + 1
    ate = agora + timedelta(seconds=_prazo_s())
    tentado_s = pedido.tentado_s + espera_s(tentativas)
    with transacao():
        meu = maduro.filter(tentativas=pedido.tentativas).update(
            tentativas=tentativas, retomar_em=ate, adiado_em=agora, tentado_s=tentado_s
        )
    pedido.tentativas = tentativas
    return pedido if meu else None


def _adiar(pedido: Pedido, segundos: float, inicio: float) -> None:
    """Marca a próxima tentativa e soma o que durou esta, que começou em `inicio` (monotônico).

    Um processo congelado no meio da sua não tentou por mais que o prazo.
    """
    durou_s = min(time.monotonic() - inicio, _prazo_s())
    agora = timezone.now()
    with transacao():
        Pedido.objects.filter(pk=pedido.pk).update(
            retomar_em=agora + timedelta(seconds=segundos),
            adiado_em=agora,
            tentado_s=pedido.tentado_s + durou_s + segundos,
        )


def _prazo_s() -> float:
    return settings.PRAZO_CHECKOUT_MS / 1000
