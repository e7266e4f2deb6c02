"""Como pagamentos chama o estoque, por HTTP."""

from __future__ import annotations

from ecommerce.mensagens import Andamento, LinhaSeparacao, Ordem
from ecommerce.transporte.rest.cliente import chamar
from ecommerce.transporte.rest.mensagens import (
    andamento_de_json,
    ordem_para_json,
    separacao_de_json,
)


class EstoquePorRest:
    """O estoque por HTTP."""

    def separar(self, ordem: Ordem) -> Andamento:
        dados = chamar("estoque", "POST", "/estoque/separar", corpo=ordem_para_json(ordem))
        return andamento_de_json("estoque", dados)

    def liberar(self, pedido_id: int) -> LinhaSeparacao:
        dados = chamar("estoque", "POST", "/estoque/liberar", corpo={"pedido_id": pedido_id})
        return separacao_de_json(dados)
