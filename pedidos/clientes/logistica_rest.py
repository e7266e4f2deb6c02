"""Como pedidos diz à logística que um envio foi entregue, por HTTP."""

from __future__ import annotations

from ecommerce.mensagens import LinhaEnvio
from ecommerce.transporte.rest.cliente import chamar
from ecommerce.transporte.rest.mensagens import envio_de_json


class LogisticaPorRest:
    """A logística por HTTP."""

    def entregar(self, pedido_id: int) -> LinhaEnvio:
        return chamar("logistica", "POST", f"/envios/{pedido_id}/entregar", ler=envio_de_json)
