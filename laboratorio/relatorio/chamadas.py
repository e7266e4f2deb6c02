"""Quem chama quem, e por que nomes em cada transporte: os passos da tabela, e as outras três."""

from __future__ import annotations

from dataclasses import dataclass

from ecommerce.servicos import PASSOS, SERVICOS, Verbo


@dataclass(frozen=True)
class Salto:
    """Uma operação que `de` pede a `para`."""

    de: str
    para: str
    verbo: Verbo


FORA_DA_CADEIA = (
    Salto("pedidos", "catalogo", Verbo("precos", "GET /precos", "ConsultarPrecos")),
    Salto(
        "pedidos",
        "logistica",
        Verbo("entregar", "POST /envios/{pedido_id}/entregar", "EntregarEnvio"),
    ),
    Salto("catalogo", "estoque", Verbo("saldos", "GET /estoque", "ConsultarEstoque")),
)


def da_cadeia() -> list[tuple[Salto, Salto]]:
    """Para cada salto do checkout, a chamada que faz e a que desfaz."""
    return [
        (Salto(de.nome, para, passo.faz), Salto(de.nome, para, passo.desfaz))
        for de in SERVICOS.values()
        if (para := de.proximo) and (passo := PASSOS[para])
    ]


def chamadas() -> list[Salto]:
    """As chamadas entre serviços: as da cadeia e as outras."""
    return [salto for par in da_cadeia() for salto in par] + list(FORA_DA_CADEIA)
