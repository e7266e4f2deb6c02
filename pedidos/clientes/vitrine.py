"""Os produtos que o formulário de compra oferece."""

from __future__ import annotations

from ecommerce.erros import Conflito, Recusado, SemResposta
from ecommerce.transporte.rest.cliente import chamar

ESPERA_S = 1.0
MAXIMO_NUMA_LISTA = 200


def produtos_a_venda() -> list[tuple[str, str]]:
    """Pares (id, nome com preço) do catálogo; vazio se ele não responde ou são muitos."""
    try:
        produtos = chamar("catalogo", "GET", "/produtos", espera_maxima_s=ESPERA_S)
    except (SemResposta, Recusado, Conflito):
        return []
    if len(produtos) > MAXIMO_NUMA_LISTA:
        return []
    return [(str(p["id"]), f"{p['nome']} — R$ {p['preco'].replace('.', ',')}") for p in produtos]
