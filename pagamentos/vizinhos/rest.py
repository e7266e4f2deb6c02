"""Como pagamentos chama o estoque, por HTTP."""

from __future__ import annotations

from ecommerce.mensagens import Andamento, LinhaSeparacao, Ordem
from ecommerce.transporte.rest.cliente import chamar
from ecommerce.transporte.rest.mensagens import (
    andamento_da_separacao,
    ordem_para_json,
    separacao_de_json,
)


class EstoquePorRest:
    """O estoque por HTTP."""

    def separar(self, ordem: Ordem) -> Andamento:
        corpo = ordem_para_json(ordem)
        return chamar(
            "estoque",
            "POST",
            "/estoque/separar",
            corpo=corpo,
            pedido_id=ordem.pedido_id,
            ler=andamento_da_separacao,
        )

    def liberar(self, pedido_id: int, impressao: str | None) -> LinhaSeparacao:
        corpo = {"pedido_id": pedido_id, "impressao": impressao}
        return chamar(
            "estoque",
            "POST",
            "/estoque/liberar",
            corpo=corpo,
            pedido_id=pedido_id,
            ler=separacao_de_json,
        )
