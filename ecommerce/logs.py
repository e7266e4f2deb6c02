"""O log estruturado: uma linha JSON por chamada, na saída padrão, sem dado pessoal nem segredo.

Escrito direto: o structlog traria o rich e o pygments, uns 5 MB em cada um dos treze processos.
"""

from __future__ import annotations

import sys
import threading
import traceback
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import orjson
from django.conf import settings

from ecommerce.contexto import Chamada

_OPCOES = orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE


class _Recusadas:
    """Quantas chamadas foram recusadas por excesso desde a última linha."""

    def __init__(self) -> None:
        self._trava = threading.Lock()
        self._quantas = 0

    def contar(self) -> None:
        with self._trava:
            self._quantas += 1

    def zerar(self) -> int:
        with self._trava:
            quantas, self._quantas = self._quantas, 0
        return quantas


_recusadas = _Recusadas()


def contar_recusa() -> None:
    """Conta uma chamada recusada por excesso; a próxima linha diz quantas foram.

    Quem recusa muito não tem CPU para uma linha por recusa, nem disco que as guarde.
    """
    _recusadas.contar()


def registrar_chamada(chamada: Chamada, *, operacao: str, resultado: int | str) -> None:
    """A linha de uma chamada atendida; a duração vai em ms.

    Leva em `recusadas` as que foram recusadas por excesso desde a linha anterior, se alguma.
    """
    recusadas = _recusadas.zerar()
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
        **({"recusadas": recusadas} if recusadas else {}),
    )


def registrar_falha(chamada: Chamada, erro: BaseException) -> None:
    """Um erro que ninguém esperava, com a pilha."""
    pilha = "".join(traceback.format_exception(erro))
    _escrever(
        "error",
        "falha",
        pedido_id=chamada.pedido_id,
        trace_id=chamada.rastro.trace_id,
        exception=pilha,
    )


def _escrever(nivel: str, evento: str, **campos: Any) -> None:
    linha = {"servico": settings.SERVICO, **campos, "event": evento, "level": nivel}
    linha["quando"] = datetime.now(UTC)
    with suppress(OSError):  # disco cheio: falta a linha, não a resposta
        sys.stdout.buffer.write(orjson.dumps(linha, option=_OPCOES))
        sys.stdout.buffer.flush()
