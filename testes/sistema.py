"""Mudou-se para laboratorio/sistema.py."""

from laboratorio.sistema import *  # noqa: F403
