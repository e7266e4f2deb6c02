"""Como o fiscal chama a logística, por HTTP."""

from __future__ import annotations

from ecommerce.mensagens import Andamento, LinhaEnvio, Ordem
from ecommerce.transporte.rest.cliente import chamar
from ecommerce.transporte.rest.mensagens import andamento_de_json, envio_de_json, ordem_para_json


class LogisticaPorRest:
    """A logística por HTTP."""

    def agendar(self, ordem: Ordem) -> Andamento:
        dados = chamar("logistica", "POST", "/envios", corpo=ordem_para_json(ordem))
        return andamento_de_json("logistica", dados)

    def cancelar(self, pedido_id: int) -> LinhaEnvio:
        return envio_de_json(chamar("logistica", "POST", f"/envios/{pedido_id}/cancelar"))
