"""Ordens de exemplo e um próximo passo de mentira, escrito à mão."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from ecommerce.mensagens import (
    Andamento,
    Cliente,
    Item,
    ItemSeparado,
    LinhaEnvio,
    LinhaNota,
    LinhaPagamento,
    LinhaSeparacao,
    Ordem,
)

QUANDO = datetime(2026, 11, 23, 12, tzinfo=UTC)


def uma_ordem(pedido_id: int = 1, **mudancas: Any) -> Ordem:
    """Uma ordem válida de duas unidades do produto 1 e uma do 2; total de R$ 35,00."""
    campos: dict[str, Any] = {
        "pedido_id": pedido_id,
        "cliente": Cliente(1, "Ana Souza", "ana@exemplo.com"),
        "metodo": "pix",
        "token_cartao": None,
        "valor_total": Decimal("35.00"),
        "itens": (
            Item(1, "Caneca", 2, Decimal("10.00")),
            Item(2, "Livro", 1, Decimal("15.00")),
        ),
    }
    return Ordem(**(campos | mudancas))


def um_andamento(pedido_id: int = 1) -> Andamento:
    """O que uma cadeia inteira responde."""
    return Andamento(
        LinhaEnvio(pedido_id, "PA000000014BR", "aguardando_envio", QUANDO),
        LinhaNota(pedido_id, "7", 1, "3" * 44, Decimal("35.00"), "emitida", QUANDO),
        LinhaSeparacao(pedido_id, "separado", (ItemSeparado(1, 2), ItemSeparado(2, 1))),
        LinhaPagamento(pedido_id, "aprovado", "pix", Decimal("35.00"), QUANDO),
    )


def commits(fazer: Callable[[], object]) -> int:
    """Quantas transações `fazer` confirma no banco do serviço."""
    with CaptureQueriesContext(connection) as consultas:
        fazer()
    return sum(consulta["sql"] == "COMMIT" for consulta in consultas.captured_queries)


def transacoes(fazer: Callable[[], object]) -> int:
    """Quantas transações `fazer` abre no banco do serviço, ainda que nada confirme."""
    with CaptureQueriesContext(connection) as consultas:
        fazer()
    return sum(consulta["sql"].startswith("BEGIN") for consulta in consultas.captured_queries)


class Elo:
    """O próximo passo: responde bem, ou levanta o que lhe deram; anota o que ouviu.

    Serve no lugar de qualquer cliente: os verbos de fazer e de desfazer são os de todos eles.
    """

    def __init__(self, ao_fazer: Exception | None = None, ao_desfazer: Exception | None = None):
        self.ao_fazer, self.ao_desfazer = ao_fazer, ao_desfazer
        self.ouviu: list[tuple[str, int]] = []
        self.impressao: str | None = None  # a do último desfazer

    def _fazer(self, ordem: Ordem) -> Andamento:
        self.ouviu.append(("fazer", ordem.pedido_id))
        if self.ao_fazer:
            raise self.ao_fazer
        return um_andamento(ordem.pedido_id)

    def _desfazer(self, pedido_id: int, impressao: str | None = None) -> Any:
        self.ouviu.append(("desfazer", pedido_id))
        self.impressao = impressao
        if self.ao_desfazer:
            raise self.ao_desfazer
        return LinhaPagamento(pedido_id, "estornado", "pix", Decimal("35.00"), QUANDO)

    processar = separar = emitir = agendar = _fazer
    estornar = liberar = cancelar = _desfazer
