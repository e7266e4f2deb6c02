"""O processo que leva ao fim os pedidos inacabados: `manage.py retomar`."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from ecommerce.contexto import Chamada, iniciar
from ecommerce.logs import registrar_chamada, registrar_falha
from pedidos import retomada
from pedidos.despertador import Despertador
from pedidos.models import Pedido
from pedidos.saga import Pagamentos
from pedidos.vizinhos.grpc import PagamentosPorGrpc
from pedidos.vizinhos.rest import PagamentosPorRest

# o orçamento das repetições: uma tempestade delas não pode ocupar os serviços que voltam
AO_MESMO_TEMPO = 8
# um dia inteiro de funcionamento entre dizer o relógio que uma chave é velha e esquecê-la: se ele
# se adianta de repente, as de agora há pouco ainda valem, e uma compra repetida não vira outra
CADA_QUANTO_LIBERAR_CHAVES_S = 24 * 3600
PAGAMENTOS: dict[str, Pagamentos] = {"rest": PagamentosPorRest(), "grpc": PagamentosPorGrpc()}


class Command(BaseCommand):
    help = "Leva ao fim os pedidos inacabados, até receber SIGTERM ou SIGINT."
    requires_system_checks = []

    def handle(self, *args: Any, **opcoes: Any) -> None:
        parar = threading.Event()
        for sinal in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sinal, lambda *_: parar.set())
        equipe = ThreadPoolExecutor(AO_MESMO_TEMPO)
        try:
            _rodar(parar, Despertador(), equipe)
        finally:
            equipe.shutdown(cancel_futures=True)  # espera só o que já começou


def _rodar(parar: threading.Event, despertador: Despertador, equipe: ThreadPoolExecutor) -> None:
    em_andamento: dict[int, Future[None]] = {}
    olhado_em, liberar_em = timezone.now(), time.monotonic() + CADA_QUANTO_LIBERAR_CHAVES_S
    while not parar.is_set():
        em_andamento = {n: f for n, f in em_andamento.items() if not f.done()}
        try:
            if time.monotonic() >= liberar_em:
                equipe.submit(_liberar_chaves, olhado_em)
                olhado_em, liberar_em = timezone.now(), liberar_em + CADA_QUANTO_LIBERAR_CHAVES_S
            for pedido_id in retomada.por_retomar():
                if pedido_id not in em_andamento:
                    em_andamento[pedido_id] = equipe.submit(cuidar_de, pedido_id)
        except DatabaseError:
            close_old_connections()  # o banco volta, ou o próximo giro tenta de novo
        despertador.dormir(settings.RETOMAR_INTERVALO_S, parar)


def cuidar_de(pedido_id: int) -> None:
    """Um pedido, no transporte por que chegou, com o rastro e a linha de log dele."""
    with _tarefa() as chamada:
        transporte = Pedido.objects.values_list("transporte", flat=True).get(pk=pedido_id)
        chamada.transporte, chamada.pedido_id = transporte, pedido_id
        retrato = retomada.tentar_de_novo(pedido_id, PAGAMENTOS)
        if retrato:
            registrar_chamada(chamada, operacao="retomar", resultado=retrato.status)


def _liberar_chaves(olhado_em: datetime) -> None:
    with _tarefa():
        retomada.liberar_chaves_antigas(olhado_em)


@contextmanager
def _tarefa() -> Iterator[Chamada]:
    """Cerca uma tarefa da equipe: uma chamada e uma conexão só dela, e o log do que der errado."""
    close_old_connections()
    chamada = iniciar("rest", prazo_ms=settings.PRAZO_CHECKOUT_MS)
    try:
        yield chamada
    except Exception as erro:
        registrar_falha(chamada, erro)  # a equipe guarda o erro, e ninguém o perguntaria
        raise
    finally:
        close_old_connections()
