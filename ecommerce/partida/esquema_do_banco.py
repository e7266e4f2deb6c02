"""A marca, dentro de cada banco SQLite, de que `manage.py preparar` já o deixou em dia.

Mora no `user_version` do arquivo, e por isso acompanha cópias e restaurações. Sem ela, cada
início pagaria seis processos Django só para descobrir que não há nada a fazer.
"""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

RAIZ = Path(__file__).resolve().parents[2]


def versao_esperada() -> int:
    """Muda com as migrações do projeto e com as dependências, que também trazem as suas."""
    resumo = hashlib.sha256((RAIZ / "requirements.txt").read_bytes())
    for migracao in sorted(RAIZ.glob("*/migrations/*.py")) + sorted(
        RAIZ.glob("*/*/migrations/*.py")
    ):
        resumo.update(migracao.read_bytes())
    return int.from_bytes(resumo.digest()[:4]) & 0x7FFFFFFF  # o user_version tem 32 bits com sinal


def em_dia(arquivo: Path) -> bool:
    """True se o banco SQLite existe e foi preparado por esta versão do projeto."""
    try:
        with closing(sqlite3.connect(f"{arquivo.absolute().as_uri()}?mode=ro", uri=True)) as banco:
            return bool(banco.execute("PRAGMA user_version").fetchone()[0] == versao_esperada())
    except sqlite3.OperationalError:
        return False
