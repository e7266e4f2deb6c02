"""A contagem de commits, contra bancos em que se sabe quantos houve."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from laboratorio.custo.commits import contando_commits


@pytest.fixture(params=["wal", "delete"])
def banco(request: pytest.FixtureRequest, tmp_path: Path) -> sqlite3.Connection:
    """Um banco autocommit com o journal dado e uma tabela já criada."""
    banco = sqlite3.connect(tmp_path / "loja.db", isolation_level=None)
    banco.execute(f"PRAGMA journal_mode={request.param}")
    banco.execute("CREATE TABLE vendas (id INTEGER PRIMARY KEY, nome BLOB)")
    return banco


def teste_conta_cada_commit_e_so_commits(banco: sqlite3.Connection, tmp_path: Path) -> None:
    with closing(banco), contando_commits(tmp_path) as desde_entao:
        assert desde_entao() == {"loja": 0}
        for _ in range(5):
            banco.execute("INSERT INTO vendas (nome) VALUES ('x')")
        # um commit só, de muitas páginas
        banco.execute("BEGIN")
        banco.executemany("INSERT INTO vendas (nome) VALUES (?)", [(b"y" * 3000,)] * 50)
        banco.execute("COMMIT")
        # o que se desfaz não conta
        banco.execute("BEGIN")
        banco.execute("INSERT INTO vendas (nome) VALUES ('z')")
        banco.execute("ROLLBACK")
        banco.execute("SELECT count(*) FROM vendas").fetchone()
        assert desde_entao() == {"loja": 6}


@pytest.mark.parametrize("checkpoint", ["PASSIVE", "RESTART"])
def teste_nao_perde_a_conta_quando_o_wal_enche_e_recomeca(tmp_path: Path, checkpoint: str) -> None:
    with closing(sqlite3.connect(tmp_path / "loja.db", isolation_level=None)) as banco:
        banco.execute("PRAGMA journal_mode=wal")
        banco.execute("PRAGMA wal_autocheckpoint=20")
        banco.execute("CREATE TABLE vendas (id INTEGER PRIMARY KEY, nome BLOB)")
        # dado um WAL que já está todo no banco, e que a próxima escrita recomeça
        banco.execute(f"PRAGMA wal_checkpoint({checkpoint})")
        with contando_commits(tmp_path) as desde_entao:
            for _ in range(200):
                banco.execute("INSERT INTO vendas (nome) VALUES (?)", (b"x" * 3000,))
            assert desde_entao() == {"loja": 200}
