"""Como pedidos pergunta preços ao catálogo, por HTTP."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from ecommerce.mensagens import Preco
from ecommerce.transporte.rest.cliente import chamar


class CatalogoPorRest:
    """O catálogo por HTTP."""

    def precos(self, ids: Collection[int]) -> dict[int, Preco]:
        """Nome e preço de cada produto que existe."""
        params = {"id": [str(i) for i in ids]}
        return chamar("catalogo", "GET", "/precos", params=params, ler=_precos)


def _precos(dados: Any) -> dict[int, Preco]:
    return {p["id"]: Preco(p["id"], p["nome"], Decimal(p["preco"])) for p in dados}
