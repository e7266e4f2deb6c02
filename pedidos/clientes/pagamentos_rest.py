"""Como pedidos chama pagamentos, por HTTP."""

from __future__ import annotations

from ecommerce.mensagens import Andamento, LinhaPagamento, Ordem
from ecommerce.transporte.rest.cliente import chamar
from ecommerce.transporte.rest.mensagens import (
    andamento_do_pagamento,
    ordem_para_json,
    pagamento_de_json,
)


class PagamentosPorRest:
    """Pagamentos por HTTP."""

    def processar(self, ordem: Ordem) -> Andamento:
        corpo = ordem_para_json(ordem)
        return chamar("pagamentos", "POST", "/pagamentos", corpo=corpo, ler=andamento_do_pagamento)

    def estornar(self, pedido_id: int) -> LinhaPagamento:
        return chamar(
            "pagamentos", "POST", f"/pagamentos/{pedido_id}/estornar", ler=pagamento_de_json
        )
