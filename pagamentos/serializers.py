from __future__ import annotations

from ecommerce.transporte.rest.mensagens import (
    EnvioSerializer,
    NotaSerializer,
    PagamentoSerializer,
    SeparacaoSerializer,
)


class PagamentoFeitoSerializer(PagamentoSerializer):
    """O pagamento e o que a cadeia fez depois dele."""

    separacao = SeparacaoSerializer()
    nota_fiscal = NotaSerializer()
    envio = EnvioSerializer()
