from __future__ import annotations

from ecommerce.transporte.rest.mensagens import EnvioSerializer, NotaSerializer


class NotaEmitidaSerializer(NotaSerializer):
    """A nota e o envio que a seguiu."""

    envio = EnvioSerializer()
