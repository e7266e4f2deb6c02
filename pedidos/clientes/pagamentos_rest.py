"""Como pedidos chama pagamentos, por HTTP."""

from __future__ import annotations

from ecommerce.mensagens import Andamento, LinhaPagamento, Ordem
from ecommerce.transporte.rest.cliente import chamar
from ecommerce.transporte.rest.mensagens import (
    andamento_de_json,
    ordem_para_json,
    pagamento_de_json,
)


class PagamentosPorRest:
    """Pagamentos por HTTP."""

    def processar(self, ordem: Ordem) -> Andamento:
        dados = chamar("pagamentos", "POST", "/pagamentos", corpo=ordem_para_json(ordem))
        return andamento_de_json("pagamentos", dados)

    def estornar(self, pedido_id: int) -> LinhaPagamento:
        return pagamento_de_json(chamar("pagamentos", "POST", f"/pagamentos/{pedido_id}/estornar"))
