"""Os produtos que o formulário de compra oferece."""

from __future__ import annotations

from typing import Any

from ecommerce.erros import Conflito, Recusado, SemResposta
from ecommerce.transporte.rest.cliente import chamar

ESPERA_S = 1.0
MAXIMO_NUMA_LISTA = 200


def produtos_a_venda() -> list[tuple[str, str]]:
    """Pares (id, nome com preço) do catálogo; vazio se ele não responde ou são muitos."""
    try:
        a_venda = chamar("catalogo", "GET", "/produtos", espera_maxima_s=ESPERA_S, ler=_opcoes)
    except (SemResposta, Recusado, Conflito):
        return []
    return a_venda if len(a_venda) <= MAXIMO_NUMA_LISTA else []


def _opcoes(produtos: Any) -> list[tuple[str, str]]:
    return [(str(p["id"]), f"{p['nome']} — R$ {p['preco'].replace('.', ',')}") for p in produtos]
