from __future__ import annotations

from ecommerce.transporte.rest.mensagens import EnvioSerializer


class EnvioAgendadoSerializer(EnvioSerializer):
    """O envio agendado: é o fim da cadeia, nada vem abaixo dele."""
