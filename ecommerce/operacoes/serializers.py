from __future__ import annotations

from rest_framework import serializers

from ecommerce.operacoes.models import Operacao
from ecommerce.transporte.rest.api.campos import Identificador, Instante


class OperacaoSerializer(serializers.ModelSerializer):
    id = Identificador()
    pedido_id = Identificador(allow_null=True)
    criado_em = Instante()

    class Meta:
        model = Operacao
        fields = [
            "id",
            "pedido_id",
            "operacao",
            "resultado",
            "transporte",
            "duracao_ms",
            "trace_id",
            "criado_em",
        ]
