"""O log estruturado: uma linha JSON por chamada, na saída padrão, sem dado pessoal nem segredo.

Escrito direto: o structlog traria o rich e o pygments, uns 5 MB em cada um dos treze processos.
"""

from __future__ import annotations

import traceback
from datetime import UTC, datetime
from typing import Any

import orjson
from django.conf import settings

from ecommerce.contexto import Chamada
from ecommerce.saida import Contador, Saida

_OPCOES = orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE
_recusadas = Contador()


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
    linha = _linha(
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
    _saida.escrever(linha)


def registrar_falha(chamada: Chamada, erro: BaseException) -> None:
    """Um erro que ninguém esperava, com a pilha."""
    pilha = "".join(traceback.format_exception(erro))
    linha = _linha(
        "error",
        "falha",
        pedido_id=chamada.pedido_id,
        trace_id=chamada.rastro.trace_id,
        exception=pilha,
    )
    _saida.escrever(linha)


def _linha(nivel: str, evento: str, **campos: Any) -> bytes:
    linha = {"servico": settings.SERVICO, **campos, "event": evento, "level": nivel}
    linha["quando"] = datetime.now(UTC)
    return orjson.dumps(linha, option=_OPCOES)


def _aviso(perdidas: int) -> bytes:
    """As linhas que não couberam no disco, ou de que não havia quem lesse."""
    return _linha("warning", "linhas_perdidas", quantas=perdidas)


_saida = Saida(1, _aviso)
