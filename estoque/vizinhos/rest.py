"""Como o estoque chama o fiscal, por HTTP."""

from __future__ import annotations

from ecommerce.mensagens import Andamento, LinhaNota, Ordem
from ecommerce.transporte.rest.cliente import chamar
from ecommerce.transporte.rest.mensagens import andamento_da_nota, nota_de_json, ordem_para_json


class FiscalPorRest:
    """O fiscal por HTTP."""

    def emitir(self, ordem: Ordem) -> Andamento:
        corpo = ordem_para_json(ordem)
        return chamar(
            "fiscal",
            "POST",
            "/notas",
            corpo=corpo,
            pedido_id=ordem.pedido_id,
            ler=andamento_da_nota,
        )

    def cancelar(self, pedido_id: int, impressao: str | None) -> LinhaNota:
        return chamar(
            "fiscal",
            "POST",
            f"/notas/{pedido_id}/cancelar",
            corpo={"impressao": impressao},
            pedido_id=pedido_id,
            ler=nota_de_json,
        )
