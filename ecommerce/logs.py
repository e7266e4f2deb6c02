"""O log estruturado: uma linha JSON por chamada, na saída padrão, sem dado pessoal nem segredo."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import Any

import orjson
import structlog

from ecommerce.contexto import Chamada


def configurar(servico: str) -> None:
    """Liga o structlog com o nome do serviço em todas as linhas."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="quando"),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(serializer=orjson.dumps),
        ],
        logger_factory=structlog.BytesLoggerFactory(sys.stdout.buffer),
        cache_logger_on_first_use=True,
    )
    global _log  # noqa: PLW0603 - um logger por processo, com o serviço já dentro
    _log = structlog.get_logger().bind(servico=servico)


_log: Any = structlog.get_logger()


def registrar_chamada(chamada: Chamada, *, operacao: str, resultado: int | str) -> None:
    """A linha de uma chamada atendida; a duração vai em ms."""
    with suppress(OSError):  # disco cheio: falta a linha, não a resposta
        _log.info(
            "chamada",
            transporte=chamada.transporte,
            operacao=operacao,
            resultado=resultado,
            duracao_ms=chamada.duracao_ms,
            pedido_id=chamada.pedido_id,
            trace_id=chamada.rastro.trace_id,
            span_id=chamada.rastro.span_id,
        )


def registrar_falha(chamada: Chamada, erro: BaseException) -> None:
    """Um erro que ninguém esperava, com a pilha."""
    with suppress(OSError):
        _log.error("falha", trace_id=chamada.rastro.trace_id, exc_info=erro)
