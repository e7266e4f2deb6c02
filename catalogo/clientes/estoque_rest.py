"""Como o catálogo pergunta ao estoque, por HTTP."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from catalogo.dominio import ESPERA_PELO_ESTOQUE_S
from ecommerce.transporte.rest.cliente import chamar


class EstoquePorRest:
    """O estoque por HTTP."""

    def saldos(self) -> dict[int, int]:
        """As peças disponíveis de cada produto."""
        disponiveis: dict[int, int] = {}
        params: dict[str, str | list[str]] = {"tamanho": "500"}
        while params:
            pagina = chamar(
                "estoque",
                "GET",
                "/estoque",
                params=params,
                espera_maxima_s=ESPERA_PELO_ESTOQUE_S,
            )
            disponiveis |= {saldo["produto_id"]: saldo["disponivel"] for saldo in pagina["results"]}
            params = dict(parse_qsl(urlsplit(pagina["next"] or "").query))
        return disponiveis
