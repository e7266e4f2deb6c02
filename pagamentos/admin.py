from __future__ import annotations

from django.contrib import admin

from ecommerce.administracao.consulta import DoPedido, etiqueta, filtro, instante, reais, texto
from ecommerce.mensagens import METODOS
from pagamentos.dominio import Status
from pagamentos.models import Pagamento


@admin.register(Pagamento)
class PagamentoAdmin(DoPedido):
    """Os pagamentos, um por pedido."""

    list_display = (
        "pedido_id",
        "situacao",
        "metodo_em_palavras",
        "total",
        "processado_em",
        "motivo_em_palavras",
    )
    list_filter = (filtro("status", "situação", Status), filtro("metodo", "método", METODOS))
    date_hierarchy = "data_processamento"
    search_help_text = "Número do pedido"
    fields = (
        ("ver_pedido", "situacao"),
        ("metodo_em_palavras", "total"),
        ("processado_em", "motivo_em_palavras"),
    )
    readonly_fields = (
        "ver_pedido",
        "processado_em",
        "situacao",
        "metodo_em_palavras",
        "total",
        "motivo_em_palavras",
    )

    processado_em = instante("data_processamento", "processado em")
    situacao = etiqueta("status", "situação")
    metodo_em_palavras = texto("metodo", "método")
    total = reais("valor", "valor")
    motivo_em_palavras = texto("motivo", "motivo do estorno")
