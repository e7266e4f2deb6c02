"""Deixa os bancos de um serviço prontos para servir; repetir não muda nada."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import BaseCommand, call_command
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

from ecommerce import ambiente
from ecommerce.partida.esquema_do_banco import versao_esperada
from ecommerce.partida.numeracao import aviso_de_atraso

ADMIN = "admin"


class Command(BaseCommand):
    help = (
        "Aplica as migrações, semeia um banco vazio, salvo com PRODUCAO=1, e cria o usuário admin"
        " deste serviço."
    )
    requires_system_checks = []  # o testar.sh as faz; aqui atrasariam cada início

    def handle(self, *args: Any, **opcoes: Any) -> None:
        settings.DADOS_DIR.mkdir(parents=True, exist_ok=True)
        bancos = connections.all()
        for banco in bancos:
            _migrar(banco)
        if not settings.PRODUCAO and _sem_dados():
            # o do serviço por último: se isto para no meio, recomeça
            for banco in reversed(bancos):
                call_command("loaddata", settings.SERVICO, database=banco.alias, verbosity=0)
        _criar_admin()
        if settings.SERVICO == "pedidos" and (aviso := aviso_de_atraso()):
            self.stderr.write(f"aviso: {aviso}")
        for banco in bancos:
            if banco.vendor == "sqlite":
                with banco.cursor() as cursor:
                    cursor.execute(f"PRAGMA user_version = {versao_esperada()}")


def _migrar(banco: BaseDatabaseWrapper) -> None:
    """Pergunta antes se falta algo: o migrate refaz permissões mesmo quando nada mudou."""
    executor = MigrationExecutor(banco)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", database=banco.alias, interactive=False, verbosity=0)


def _sem_dados() -> bool:
    modelos = apps.get_app_config(settings.SERVICO).get_models()
    return not any(modelo._default_manager.exists() for modelo in modelos)


def _criar_admin() -> None:
    usuarios = get_user_model()._default_manager
    if usuarios.filter(username=ADMIN).exists():
        return
    ambiente.exigir(ambiente.ADMIN_SENHA)
    usuarios.create_superuser(ADMIN, password=ambiente.ADMIN_SENHA.ler())
