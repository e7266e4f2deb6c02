"""O caderno da operadora acompanha os pagamentos, venham os dados de onde vierem."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from ecommerce.partida.iniciar import bancos_em_dia
from ecommerce.servicos import SERVICOS
from ferramentas.testes.invariantes import violacoes
from laboratorio.sistema.processos import RAIZ, ambiente_de_teste

DE_PAGAMENTOS = tuple(SERVICOS["pagamentos"].bancos.values())


@pytest.fixture
def dados(bancos_prontos: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(bancos_prontos, tmp_path / "dados"))


def manage(dados: Path, *comando: str) -> subprocess.CompletedProcess[str]:
    """Um comando do manage.py em pagamentos, sobre os bancos de `dados`."""
    return subprocess.run(
        [sys.executable, "manage.py", *comando, "--settings=ecommerce.settings.pagamentos"],
        cwd=RAIZ,
        env=ambiente_de_teste(dados),
        capture_output=True,
        text=True,
        check=False,
    )


def fazer(dados: Path, *comando: str) -> None:
    saida = manage(dados, *comando)
    assert saida.returncode == 0, saida.stderr


def recomecar(dados: Path) -> None:
    """Os bancos de pagamentos e da operadora, migrados e sem dados."""
    for nome in DE_PAGAMENTOS:
        (dados / f"{nome}.db").unlink()
    for alias in SERVICOS["pagamentos"].bancos:
        fazer(dados, "migrate", "-v0", f"--database={alias}")


def tabelas(dados: Path, nome: str) -> set[str]:
    with closing(sqlite3.connect(dados / f"{nome}.db")) as banco:
        return {nome for (nome,) in banco.execute("SELECT name FROM sqlite_master")}


def lancamentos(dados: Path) -> int:
    with closing(sqlite3.connect(dados / "operadora.db")) as banco:
        [(quantos,)] = banco.execute("SELECT count(*) FROM operadora_lancamento")
    return int(quantos)


def teste_o_caderno_que_nasce_depois_comeca_do_que_pagamentos_tem(
    dados: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # dado um sistema de antes da operadora, com uma lápide
    monkeypatch.setenv("DADOS_DIR", str(dados))
    assert bancos_em_dia(SERVICOS["pagamentos"])
    eram = lancamentos(dados)
    (dados / "operadora.db").unlink()
    with closing(sqlite3.connect(dados / "pagamentos.db")) as banco, banco:
        banco.execute(
            "INSERT INTO pagamentos_pagamento (pedido_id, status) VALUES (900, 'estornado')"
        )
    # quando começa de novo
    assert not bancos_em_dia(SERVICOS["pagamentos"])
    fazer(dados, "preparar")
    # então a operadora sabe o que foi cobrado e estornado
    assert bancos_em_dia(SERVICOS["pagamentos"])
    assert violacoes(dados) == {}
    assert lancamentos(dados) == eram


def teste_loaddata_a_mao_leva_cada_banco_o_seu(dados: Path) -> None:
    recomecar(dados)
    assert "operadora_lancamento" not in tabelas(dados, "pagamentos")
    assert not {t for t in tabelas(dados, "operadora") if t.startswith(("pagamentos", "auth"))}
    fazer(dados, "loaddata", "pagamentos")
    assert lancamentos(dados) == 0
    fazer(dados, "loaddata", "pagamentos", "--database=operadora")
    assert violacoes(dados) == {}


def teste_preparar_que_parou_no_meio_recomeca(dados: Path) -> None:
    # dado que a operadora não pôde gravar quando se semeava
    recomecar(dados)
    with closing(sqlite3.connect(dados / "operadora.db")) as ocupado:
        ocupado.execute("BEGIN IMMEDIATE")
        assert manage(dados, "preparar").returncode != 0
    # quando se prepara de novo, nada falta
    fazer(dados, "preparar")
    assert violacoes(dados) == {}
