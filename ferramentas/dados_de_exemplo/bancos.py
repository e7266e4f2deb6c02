"""Os bancos dos serviços, abertos de uma vez só e gravados inteiros ou não gravados."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.core.management import CommandError
from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler

from ecommerce.servicos import SERVICOS
from ecommerce.settings.base import configurar
from ferramentas.dados_de_exemplo.tabelas import TABELAS, Linha, Tabela

LOTE = 20_000

Bancos = dict[str, BaseDatabaseWrapper]


@contextmanager
def bancos_vazios() -> Iterator[Bancos]:
    """Os bancos de todos, com uma transação aberta em cada um, se nenhum tem dados.

    Só `confirmar` grava: sair por erro ou Ctrl-C desfaz tudo. Levanta CommandError se um banco
    não abre, não tem as tabelas ou já tem dados.
    """
    definicoes = {
        servico.bancos[alias]: definicao
        for servico in SERVICOS.values()
        for alias, definicao in configurar(servico.nome)["DATABASES"].items()
    }
    conexoes = ConnectionHandler({"default": {}, **definicoes})
    bancos = {nome: conexoes[nome] for nome in definicoes}
    try:
        for nome, banco in bancos.items():
            _abrir(nome, banco)
        yield bancos
    finally:
        for banco in bancos.values():
            if banco.connection is not None:
                banco.rollback()
                banco.close()


def _abrir(nome: str, banco: BaseDatabaseWrapper) -> None:
    try:
        banco.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
        existentes = set(banco.introspection.table_names())
    except DatabaseError as erro:
        raise CommandError(f"O banco de {nome} não abre para gravar: {erro}") from erro
    for tabela in (t for t in TABELAS if t.banco == nome):
        if tabela.nome not in existentes:
            raise CommandError(
                f"O banco de {nome} não tem a tabela {tabela.nome}. Rode antes: manage.py migrate "
                f"--settings={SERVICOS[tabela.servico].settings} --database={tabela.alias}"
            )
        with banco.cursor() as cursor:
            cursor.execute(f"SELECT 1 FROM {tabela.nome} LIMIT 1")  # noqa: S608
            if cursor.fetchone():
                raise CommandError(
                    f"O banco de {nome} já tem dados em {tabela.nome}: nada foi gravado. "
                    "Use bancos novos (outro DADOS_DIR) ou apague estes e rode migrate."
                )


def gravar(bancos: Bancos, linhas: Iterable[Linha]) -> None:
    """Insere as linhas, em lotes, nas transações abertas por `bancos_vazios`."""
    # a mesma data está em várias linhas de um pedido, e convertê-la custa tanto quanto inseri-la
    datas = {n: lru_cache(LOTE)(b.ops.adapt_datetimefield_value) for n, b in bancos.items()}
    lotes: dict[Tabela, list[tuple[Any, ...]]] = {tabela: [] for tabela in TABELAS}

    def inserir() -> None:
        for tabela, lote in lotes.items():
            if lote:
                _inserir(bancos[tabela.banco], tabela, lote, datas[tabela.banco])
                lote.clear()

    for posicao, (tabela, valores) in enumerate(linhas, start=1):
        lotes[tabela].append(valores)
        if posicao % LOTE == 0:
            inserir()
    inserir()
    for tabela in TABELAS:
        _acertar_sequencia(bancos[tabela.banco], tabela)


def _inserir(
    banco: BaseDatabaseWrapper,
    tabela: Tabela,
    lote: list[tuple[Any, ...]],
    adaptar_data: Callable[[datetime | None], Any],
) -> None:
    """O dinheiro já vem em centavos; as datas tomam o formato do banco."""
    colunas, vagas = ", ".join(tabela.colunas), ", ".join(["%s"] * len(tabela.colunas))
    datas = [i for i, coluna in enumerate(tabela.colunas) if coluna in tabela.instantes]
    adaptado = [list(valores) for valores in lote]
    for linha in adaptado:
        for i in datas:
            linha[i] = adaptar_data(linha[i])
    with banco.cursor() as cursor:
        comando = f"INSERT INTO {tabela.nome} ({colunas}) VALUES ({vagas})"  # noqa: S608
        cursor.executemany(comando, adaptado)


def _acertar_sequencia(banco: BaseDatabaseWrapper, tabela: Tabela) -> None:
    """No PostgreSQL um id explícito não faz andar a sequência, e o próximo id se repetiria."""
    if banco.vendor != "postgresql" or not tabela.id_automatico:
        return
    with banco.cursor() as cursor:
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence(%s, 'id'), max(id)) FROM {tabela.nome}"  # noqa: S608
            " HAVING max(id) IS NOT NULL",
            [tabela.nome],
        )


def confirmar(bancos: Bancos) -> None:
    """Confirma as transações, uma atrás da outra e sem que um Ctrl-C caiba entre elas.

    Levanta CommandError, dizendo que bancos ficaram gravados, se um deles falha.
    """
    gravados: list[str] = []
    anterior = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        for nome, banco in bancos.items():
            banco.commit()
            gravados.append(nome)
    except DatabaseError as erro:
        raise CommandError(
            f"O banco de {nome} não confirmou: {erro}. Já gravados: "
            f"{', '.join(gravados) or 'nenhum'}; recrie-os antes de repetir."
        ) from erro
    finally:
        signal.signal(signal.SIGINT, anterior)
