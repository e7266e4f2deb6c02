"""Como o estoque chama o fiscal, por HTTP."""

from __future__ import annotations

from ecommerce.mensagens import Andamento, LinhaNota, Ordem
from ecommerce.transporte.rest.cliente import chamar
from ecommerce.transporte.rest.mensagens import andamento_de_json, nota_de_json, ordem_para_json


class FiscalPorRest:
    """O fiscal por HTTP."""

    def emitir(self, ordem: Ordem) -> Andamento:
        dados = chamar("fiscal", "POST", "/notas", corpo=ordem_para_json(ordem))
        return andamento_de_json("fiscal", dados)

    def cancelar(self, pedido_id: int) -> LinhaNota:
        return nota_de_json(chamar("fiscal", "POST", f"/notas/{pedido_id}/cancelar"))
