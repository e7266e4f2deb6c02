"""A transação de escrita dos casos de uso."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import InterfaceError, OperationalError, connection, transaction

from ecommerce.contexto import chamada_atual
from ecommerce.erros import Indisponivel
from ecommerce.quedas import cair_se_marcado

_trava_de_escrita = threading.Lock()
ESPERA_MAXIMA_S = 4.0


@contextmanager
def transacao() -> Iterator[None]:
    """Uma transação durável; a saída do bloco é o commit.

    No SQLite as threads do processo esperam a vez numa trava, que é justa e acorda na hora;
    a espera ocupada do próprio SQLite fica para quem escreve de fora (admin, comandos).
    Banco ocupado, cheio ou fora do ar levanta Indisponivel: nada foi gravado.
    """
    sqlite = connection.vendor == "sqlite"
    if sqlite and not _trava_de_escrita.acquire(timeout=_espera()):
        raise Indisponivel("O banco de dados está ocupado.")
    try:
        with transaction.atomic():
            yield
            cair_se_marcado("antes_do_commit")
        cair_se_marcado("depois_do_commit")
    except (OperationalError, InterfaceError) as erro:
        raise Indisponivel("O banco de dados não pôde gravar agora.") from erro
    finally:
        if sqlite:
            _trava_de_escrita.release()


def soltar_conexao() -> None:
    """No fim de uma chamada: fecha a conexão desta thread se deu erro e já não serve.

    Como o close_old_connections do Django, num banco só.
    """
    connection.close_if_unusable_or_obsolete()


def _espera() -> float:
    """Segundos na fila: desfazer e registrar o desfecho ainda valem um pouco depois do prazo."""
    return max(1.0, min(ESPERA_MAXIMA_S, chamada_atual().prazo.restante_s))
