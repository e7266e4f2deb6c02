"""As mesmas encomendas a partir da mesma semente, e o ritmo em que chegam."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from ecommerce.mensagens import METODOS

PRODUTOS = range(1, 31)
CLIENTES = range(1, 51)
ITENS_ATE = 3
PECAS_ATE = 3


@dataclass(frozen=True)
class Carga:
    """Uma carga: `clientes` que esperam cada resposta (fechado), ou `taxa` chegadas/s (aberto).

    Cada cliente compra sem pausa; só quem ouve `sobrecarga` espera o segundo que lhe pedem.
    """

    modo: Literal["fechado", "aberto"]
    segundos: float
    semente: int
    clientes: int | None = None
    taxa: float | None = None

    def __post_init__(self) -> None:
        certo = self.clientes if self.modo == "fechado" else self.taxa
        if not certo or certo <= 0:
            raise ValueError("o modo fechado pede `clientes`, e o aberto, `taxa`")


def encomendas(semente: int) -> Iterator[dict[str, Any]]:
    """Corpos de POST /pedidos, sem fim."""
    sorte = random.Random(semente)  # noqa: S311 - não é segredo
    while True:
        produtos = sorte.sample(PRODUTOS, sorte.randint(1, ITENS_ATE))
        yield {
            "cliente_id": sorte.choice(CLIENTES),
            "itens": [
                {"produto_id": produto, "quantidade": sorte.randint(1, PECAS_ATE)}
                for produto in produtos
            ],
            "metodo": sorte.choice(METODOS),
        }


def chegadas(semente: int, taxa: float, segundos: float) -> Iterator[float]:
    """Quando (s, desde o começo) chega cada encomenda: um processo de Poisson de `taxa` por s."""
    sorte = random.Random(semente)  # noqa: S311 - não é segredo
    quando = sorte.expovariate(taxa)
    while quando < segundos:
        yield quando
        quando += sorte.expovariate(taxa)
