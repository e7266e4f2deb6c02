"""A receita dos READMEs para levar um serviço ao PostgreSQL, linha por linha, num de verdade."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from laboratorio.sistema.processos import RAIZ, Sistema
from testes.checkout.teste_postgres import servidor

__all__ = ["servidor"]  # a fixture


@pytest.fixture
def receita(servidor: Path, tmp_path: Path) -> list[str]:
    """Os comandos do bloco, com o banco, a pasta e o Python daqui."""
    readme = (RAIZ / "README.md").read_text(encoding="utf-8")
    bloco = re.search(r"```sh\n([^`]+dumpdata [^`]+)```", readme)
    assert bloco, "o README já não diz como mudar de banco"
    daqui = {
        ".venv/bin/python": sys.executable,
        "dados/": f"{tmp_path}/",
        "createdb pedidos": f"psql -q -h {servidor} -U postgres -c 'CREATE DATABASE pedidos'",
        "usuario:senha@127.0.0.1": f"postgres@{str(servidor).replace('/', '%2F')}",
        "./iniciar.sh": "",
    }
    texto = bloco[1]
    for la, aqui in daqui.items():
        assert la in texto, la
        texto = texto.replace(la, aqui)
    return texto.splitlines()


def teste_os_dados_vao_inteiros_e_a_numeracao_continua(
    receita: list[str], servidor: Path, bancos_prontos: Path, tmp_path: Path
) -> None:
    no_sqlite = Sistema(bancos_prontos)
    perguntas = [
        f"SELECT count(*) FROM {tabela}"  # noqa: S608 - as tabelas são as de baixo
        for tabela in (
            "pedidos_pedido", "pedidos_itempedido", "pedidos_cliente", "operacoes_operacao",
            "auth_user",
        )
    ]  # fmt: skip
    antes = [no_sqlite.executar_sql("pedidos", pergunta)[0][0] for pergunta in perguntas]
    [(ultimo,)] = no_sqlite.executar_sql("pedidos", "SELECT max(id) FROM pedidos_pedido")

    subprocess.run(["sh", "-ec", "\n".join(receita)], cwd=RAIZ, env=no_sqlite.ambiente, check=True)

    assert not list(tmp_path.iterdir()), "os dados pessoais ficaram para trás"
    seguinte = "SELECT nextval('pedidos_pedido_id_seq')"
    with psycopg.connect(
        host=str(servidor), user="postgres", dbname="pedidos", autocommit=True
    ) as banco:
        assert [_um(banco, pergunta) for pergunta in perguntas] == antes
        assert _um(banco, seguinte) == ultimo + 1
        # e no PostgreSQL também se pulam números, para a frente
        url = next(linha for linha in receita if "DATABASE_URL" in linha)
        for ate, espera in ((5000, 5001), (10, 5002)):
            pular = f"{url}\n{sys.executable} manage.py pular_numeros {ate}"
            subprocess.run(["sh", "-ec", pular], cwd=RAIZ, env=no_sqlite.ambiente, check=True)
            assert _um(banco, seguinte) == espera


def _um(banco: psycopg.Connection, pergunta: str) -> int:
    linha = banco.execute(pergunta.encode()).fetchone()
    assert linha
    return int(linha[0])
