"""Em que porta de 127.0.0.1 atende cada serviço, por REST e por gRPC."""

from __future__ import annotations

import os

SERVICOS = ("pedidos", "pagamentos", "estoque", "fiscal", "logistica")
ENDERECO = "127.0.0.1"


def porta_rest(servico: str, base: int | None = None) -> int:
    return _base(base) + SERVICOS.index(servico)


def porta_grpc(servico: str, base: int | None = None) -> int:
    return _base(base) + len(SERVICOS) + SERVICOS.index(servico)


def _base(base: int | None) -> int:
    return int(os.environ["PORTA_BASE"]) if base is None else base
