"""O log estruturado: uma linha JSON por chamada, na saída padrão, sem dado pessoal nem segredo.

Escrito direto: o structlog traria o rich e o pygments, uns 5 MB em cada um dos treze processos.
"""

from __future__ import annotations

import sys
import traceback
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import orjson
from django.conf import settings

from ecommerce.contexto import Chamada, Rastro

_OPCOES = orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE


def registrar_chamada(chamada: Chamada, *, operacao: str, resultado: int | str) -> None:
    """A linha de uma chamada atendida; a duração vai em ms."""
    _escrever(
        "info",
        "chamada",
        transporte=chamada.transporte,
        operacao=operacao,
        resultado=resultado,
        duracao_ms=chamada.duracao_ms,
        pedido_id=chamada.pedido_id,
        trace_id=chamada.rastro.trace_id,
        span_id=chamada.rastro.span_id,
    )


def registrar_recusa(
    rastro: Rastro, *, transporte: str, operacao: str, resultado: int | str
) -> None:
    """A linha de uma chamada recusada antes de começar; sai com a próxima, ou com a memória cheia.

    Quem recusa muito não tem CPU para uma escrita por recusa.
    """
    _escrever(
        "info",
        "chamada",
        logo=False,
        transporte=transporte,
        operacao=operacao,
        resultado=resultado,
        trace_id=rastro.trace_id,
        span_id=rastro.span_id,
    )


def registrar_falha(chamada: Chamada, erro: BaseException) -> None:
    """Um erro que ninguém esperava, com a pilha."""
    pilha = "".join(traceback.format_exception(erro))
    _escrever("error", "falha", trace_id=chamada.rastro.trace_id, exception=pilha)


def _escrever(nivel: str, evento: str, *, logo: bool = True, **campos: Any) -> None:
    linha = {"servico": settings.SERVICO, **campos, "event": evento, "level": nivel}
    linha["quando"] = datetime.now(UTC)
    with suppress(OSError):  # disco cheio: falta a linha, não a resposta
        sys.stdout.buffer.write(orjson.dumps(linha, option=_OPCOES))
        if logo:
            sys.stdout.buffer.flush()
