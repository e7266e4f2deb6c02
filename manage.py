#!/usr/bin/env python
"""Comandos do Django. Escolha o serviço com --settings=ecommerce.settings.<servico>."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ecommerce.settings.pedidos")
    from django.core.management import execute_from_command_line

    from ecommerce.ambiente import AmbienteInvalido

    try:
        execute_from_command_line(sys.argv)
    except AmbienteInvalido as erro:
        sys.exit(f"erro: {erro}")


if __name__ == "__main__":
    main()
