"""Faz um pedido por cada transporte no sistema que está no ar."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ferramentas.demonstracao import DemonstracaoFalhou, demonstrar


class Command(BaseCommand):
    help = "Faz um pedido por REST e um por gRPC, e mostra o que cada serviço fez com eles."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **opcoes: Any) -> None:
        try:
            demonstrar()
        except DemonstracaoFalhou as erro:
            raise CommandError(str(erro)) from erro
