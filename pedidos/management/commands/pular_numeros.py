"""Faz o próximo pedido ter um número maior que o dado."""

from __future__ import annotations

from argparse import ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection, transaction

from ecommerce.mensagens import PEDIDO_MAXIMO

_NO_SQLITE = """
    UPDATE sqlite_sequence SET seq = max(seq, %s) WHERE name = 'pedidos_pedido'
"""
_NO_POSTGRESQL = """
    SELECT setval('pedidos_pedido_id_seq', greatest(%s, (SELECT last_value FROM
    pedidos_pedido_id_seq)))
"""


def _numero(texto: str) -> int:
    if not (texto.isdecimal() and 1 <= int(texto) < PEDIDO_MAXIMO):
        raise ArgumentTypeError(f"deve ser o número de um pedido, não {texto!r}.")
    return int(texto)


class Command(BaseCommand):
    help = (
        "Faz o próximo pedido ter um número maior que ATE. Serve depois de restaurar pedidos de "
        "uma cópia antiga, quando os outros serviços já conhecem números que ele ainda não usou."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("ate", type=_numero, help="o último número já usado em outro serviço")

    def handle(self, *args: Any, **opcoes: Any) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                # um banco em que nunca houve pedido ainda não tem a linha
                cursor.execute(
                    "INSERT INTO sqlite_sequence (name, seq) SELECT 'pedidos_pedido', 0 WHERE NOT"
                    " EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'pedidos_pedido')"
                )
                cursor.execute(_NO_SQLITE, [opcoes["ate"]])
            else:
                cursor.execute(_NO_POSTGRESQL, [opcoes["ate"]])
        self.stdout.write(f"O próximo pedido terá um número maior que {opcoes['ate']}.")
