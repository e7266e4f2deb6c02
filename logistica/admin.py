from __future__ import annotations

from django.contrib import admin
from django.db.models import Q

from ecommerce.administracao.consulta import DoPedido, etiqueta, filtro, instante, numero
from logistica.dominio import Status
from logistica.models import Envio


@admin.register(Envio)
class EnvioAdmin(DoPedido):
    """Os envios, um por pedido."""

    list_display = ("pedido_id", "situacao", "codigo_rastreamento", "despachado_em")
    list_filter = (filtro("status", "situação", Status),)
    date_hierarchy = "data_despacho"
    search_help_text = "Número do pedido ou código de rastreamento"
    fields = (("ver_pedido", "situacao"), ("codigo_rastreamento", "despachado_em"))
    readonly_fields = ("ver_pedido", "despachado_em", "situacao")

    despachado_em = instante("data_despacho", "despachado em")
    situacao = etiqueta("status", "situação")

    def buscar(self, termo: str) -> Q:
        if termo.isdigit():
            return numero("pk", termo)
        return Q(codigo_rastreamento=termo.upper())
