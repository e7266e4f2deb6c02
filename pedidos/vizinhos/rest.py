"""Como pedidos chama os vizinhos, por HTTP: preços do catálogo, a cadeia, a entrega."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from ecommerce.mensagens import Andamento, LinhaEnvio, LinhaPagamento, Ordem, Preco
from ecommerce.transporte.rest.cliente import chamar
from ecommerce.transporte.rest.mensagens import (
    andamento_do_pagamento,
    envio_de_json,
    ordem_para_json,
    pagamento_de_json,
)


class CatalogoPorRest:
    """O catálogo por HTTP."""

    def precos(self, ids: Collection[int]) -> dict[int, Preco]:
        """Nome e preço de cada produto que existe."""
        params = {"id": [str(i) for i in ids]}
        return chamar("catalogo", "GET", "/precos", params=params, ler=_precos)


def _precos(dados: Any) -> dict[int, Preco]:
    return {p["id"]: Preco(p["id"], p["nome"], Decimal(p["preco"])) for p in dados}


class PagamentosPorRest:
    """Pagamentos por HTTP."""

    def processar(self, ordem: Ordem) -> Andamento:
        corpo = ordem_para_json(ordem)
        return chamar(
            "pagamentos",
            "POST",
            "/pagamentos",
            corpo=corpo,
            pedido_id=ordem.pedido_id,
            ler=andamento_do_pagamento,
        )

    def estornar(self, pedido_id: int, impressao: str | None) -> LinhaPagamento:
        return chamar(
            "pagamentos",
            "POST",
            f"/pagamentos/{pedido_id}/estornar",
            corpo={"impressao": impressao},
            pedido_id=pedido_id,
            ler=pagamento_de_json,
        )


class LogisticaPorRest:
    """A logística por HTTP."""

    def entregar(self, pedido_id: int) -> LinhaEnvio:
        return chamar(
            "logistica",
            "POST",
            f"/envios/{pedido_id}/entregar",
            pedido_id=pedido_id,
            ler=envio_de_json,
        )
