"""Serve um serviço por gRPC: `manage.py servir_grpc --settings=ecommerce.settings.<servico>`."""

from __future__ import annotations

import os
import signal
import threading
from concurrent import futures
from importlib import import_module
from typing import Any

import grpc
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, close_old_connections, connection
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from ecommerce.servicos import SERVICOS, Servico
from ecommerce.transporte.grpc.atendimento import Atendimento

CHAMADAS_SIMULTANEAS = 128  # além disso o gRPC recusa na hora com RESOURCE_EXHAUSTED
CORPO_MAXIMO = 256 * 1024
INTERVALO_DE_SAUDE_S = 2.0


class Command(BaseCommand):
    help = "Serve este serviço por gRPC até receber SIGTERM ou SIGINT."
    requires_system_checks = []

    def handle(self, *args: Any, **opcoes: Any) -> None:
        _trabalhar_em_lotes()
        servico = SERVICOS[settings.SERVICO]
        modulo = import_module(f"{servico.nome}.servicer")
        saude = health.HealthServicer(experimental_non_blocking=True)
        servidor = criar_servidor(servico, modulo, saude)
        endereco = f"{servico.endereco}:{servico.porta_grpc}"
        try:
            porta = servidor.add_insecure_port(endereco)
        except RuntimeError as erro:
            raise CommandError(f"Não foi possível escutar em {endereco}: {erro}") from erro
        if porta == 0:
            raise CommandError(f"Não foi possível escutar em {endereco}.")
        parar = threading.Event()
        for sinal in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sinal, lambda *_: parar.set())
        servidor.start()
        _cuidar_da_saude(saude, servico.contrato, parar)
        saude.enter_graceful_shutdown()
        servidor.stop(grace=settings.PRAZO_CHECKOUT_MS / 1000).wait()


def criar_servidor(servico: Servico, modulo: Any, saude: health.HealthServicer) -> grpc.Server:
    servidor = grpc.server(
        futures.ThreadPoolExecutor(servico.threads),
        interceptors=[Atendimento(modulo.casos_de_uso)],
        maximum_concurrent_rpcs=CHAMADAS_SIMULTANEAS,
        options=[
            ("grpc.so_reuseport", 0),  # uma porta tomada é um erro: dois não a dividem
            ("grpc.max_receive_message_length", CORPO_MAXIMO),
            ("grpc.http2.min_ping_interval_without_data_ms", 10_000),
        ],
    )
    modulo.adicionar(servidor)
    health_pb2_grpc.add_HealthServicer_to_server(saude, servidor)
    nomes = (servico.contrato, health.SERVICE_NAME, reflection.SERVICE_NAME)
    reflection.enable_server_reflection(nomes, servidor)
    return servidor


def _cuidar_da_saude(saude: health.HealthServicer, nome: str, parar: threading.Event) -> None:
    """SERVING só enquanto o banco atende; volta quando mandam parar."""
    while True:
        situacao = health_pb2.HealthCheckResponse.SERVING
        try:
            close_old_connections()
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM operacoes_operacao LIMIT 1")
        except DatabaseError:
            situacao = health_pb2.HealthCheckResponse.NOT_SERVING
        for servico in ("", nome):
            saude.set(servico, situacao)
        if parar.wait(INTERVALO_DE_SAUDE_S):
            return


def _trabalhar_em_lotes() -> None:
    """Quem acorda não tira a CPU de quem está no meio do seu passo (SCHED_BATCH, sched(7)).

    Um checkout por gRPC acorda dezenas de threads em seis processos; com menos trocas entre elas
    custa 6 % a menos de CPU (por REST não muda). Só há no Linux; as outras threads herdam.
    """
    if hasattr(os, "SCHED_BATCH"):
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
