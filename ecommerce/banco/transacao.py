"""A transação de escrita dos casos de uso."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import (
    DEFAULT_DB_ALIAS,
    InterfaceError,
    OperationalError,
    connection,
    connections,
    transaction,
)

from ecommerce.contexto import chamada_atual
from ecommerce.erros import Indisponivel
from ecommerce.quedas import cair_se_marcado

_travas_de_escrita: dict[str, threading.Lock] = {}
ESPERA_MAXIMA_S = 4.0


@contextmanager
def transacao() -> Iterator[None]:
    """Uma transação durável; a saída do bloco é o commit.

    Banco ocupado, cheio ou fora do ar levanta Indisponivel: nada foi gravado.
    """
    with vez_de_escrever(DEFAULT_DB_ALIAS):
        with transaction.atomic():
            yield
            cair_se_marcado("antes_do_commit")
        cair_se_marcado("depois_do_commit")


@contextmanager
def vez_de_escrever(banco: str) -> Iterator[None]:
    """A vez desta thread de escrever no banco; levanta Indisponivel se ele não pôde gravar.

    No SQLite as threads do processo esperam a vez numa trava, que é justa e acorda na hora;
    a espera ocupada do próprio SQLite fica para quem escreve de fora (admin, comandos).
    """
    sqlite = connections[banco].vendor == "sqlite"
    trava = _travas_de_escrita.setdefault(banco, threading.Lock())
    if sqlite and not trava.acquire(timeout=_espera()):
        raise Indisponivel("O banco de dados está ocupado.")
    try:
        yield
    except (OperationalError, InterfaceError) as erro:
        raise Indisponivel("O banco de dados não pôde gravar agora.") from erro
    finally:
        if sqlite:
            trava.release()


def exigir_fora_de_transacao() -> None:
    """Levanta RuntimeError se há uma transação aberta: dentro dela não se chama ninguém."""
    if connection.in_atomic_block:
        raise RuntimeError("Chamada a outro sistema dentro de uma transação.")


def soltar_conexoes() -> None:
    """No fim de uma chamada: fecha as conexões desta thread que deram erro e já não servem.

    O close_old_connections do Django, que só se liga aos sinais que aqui não há.
    """
    for aberta in connections.all(initialized_only=True):
        aberta.close_if_unusable_or_obsolete()


def _espera() -> float:
    """Segundos na fila: desfazer e registrar o desfecho ainda valem um pouco depois do prazo."""
    return max(1.0, min(ESPERA_MAXIMA_S, chamada_atual().prazo.restante_s))
