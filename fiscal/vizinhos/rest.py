"""Como o fiscal chama a logística, por HTTP."""

from __future__ import annotations

from ecommerce.mensagens import Andamento, LinhaEnvio, Ordem
from ecommerce.transporte.rest.cliente import chamar
from ecommerce.transporte.rest.mensagens import andamento_do_envio, envio_de_json, ordem_para_json


class LogisticaPorRest:
    """A logística por HTTP."""

    def agendar(self, ordem: Ordem) -> Andamento:
        corpo = ordem_para_json(ordem)
        return chamar(
            "logistica",
            "POST",
            "/envios",
            corpo=corpo,
            pedido_id=ordem.pedido_id,
            ler=andamento_do_envio,
        )

    def cancelar(self, pedido_id: int, impressao: str | None) -> LinhaEnvio:
        return chamar(
            "logistica",
            "POST",
            f"/envios/{pedido_id}/cancelar",
            corpo={"impressao": impressao},
            pedido_id=pedido_id,
            ler=envio_de_json,
        )
