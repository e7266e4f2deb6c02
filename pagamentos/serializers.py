from __future__ import annotations

from rest_framework import serializers

from ecommerce.transporte.rest.api.campos import Dinheiro, Identificador, Instante
from ecommerce.transporte.rest.mensagens import (
    EnvioSerializer,
    NotaSerializer,
    PagamentoSerializer,
    SeparacaoSerializer,
)
from pagamentos.operadora.models import Lancamento


class PagamentoFeitoSerializer(PagamentoSerializer):
    """O pagamento e o que a cadeia fez depois dele."""

    separacao = SeparacaoSerializer()
    nota_fiscal = NotaSerializer()
    envio = EnvioSerializer()


class LancamentoSerializer(serializers.ModelSerializer):
    """Uma linha do caderno da operadora."""

    id = Identificador()
    pedido_id = Identificador()
    valor = Dinheiro(allow_null=True)
    criado_em = Instante()

    class Meta:
        model = Lancamento
        fields = ["id", "pedido_id", "tipo", "status", "valor", "criado_em"]
