"""Como o catálogo pergunta ao estoque, por HTTP."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from catalogo.dominio import ESPERA_PELO_ESTOQUE_S
from ecommerce.transporte.rest.cliente import chamar

_Params = dict[str, str | list[str]]


class EstoquePorRest:
    """O estoque por HTTP."""

    def saldos(self) -> dict[int, int]:
        """As peças disponíveis de cada produto."""
        disponiveis: dict[int, int] = {}
        params: _Params = {"tamanho": "500"}
        while params:
            da_pagina, params = chamar(
                "estoque",
                "GET",
                "/estoque",
                params=params,
                espera_maxima_s=ESPERA_PELO_ESTOQUE_S,
                ler=_pagina,
            )
            disponiveis |= da_pagina
        return disponiveis


def _pagina(dados: Any) -> tuple[dict[int, int], _Params]:
    """Os saldos da página e os parâmetros da seguinte, vazios na última."""
    saldos = {saldo["produto_id"]: saldo["disponivel"] for saldo in dados["results"]}
    return saldos, dict(parse_qsl(urlsplit(dados["next"] or "").query))
