from __future__ import annotations

from django.contrib import admin
from django.db.models import Q
from unfold.decorators import display

from ecommerce.administracao.consulta import Consulta, filtro, instante, ligacao, numero, texto
from ecommerce.operacoes.models import Operacao


@admin.register(Operacao)
class OperacaoAdmin(Consulta):
    """O que este serviço fez."""

    list_display = (
        "id",
        "quando",
        "ver_pedido",
        "operacao_em_palavras",
        "resultado_em_palavras",
        "transporte_em_palavras",
        "duracao_ms",
        "trace_id",
    )
    list_filter = (filtro("transporte", "transporte", ("rest", "grpc")),)
    date_hierarchy = "criado_em"
    search_help_text = "Número do pedido"
    fields = (
        ("ver_pedido", "quando"),
        ("operacao_em_palavras", "resultado_em_palavras"),
        ("transporte_em_palavras", "duracao_ms"),
        "trace_id",
    )
    readonly_fields = (
        "ver_pedido",
        "quando",
        "operacao_em_palavras",
        "resultado_em_palavras",
        "transporte_em_palavras",
    )

    quando = instante("criado_em", "quando")
    operacao_em_palavras = texto("operacao", "operação")
    resultado_em_palavras = texto("resultado", "resultado")
    transporte_em_palavras = texto("transporte", "transporte")

    @display(description="pedido")
    def ver_pedido(self, operacao: Operacao) -> str | None:
        if operacao.pedido_id is None:
            return None
        return ligacao("pedidos", "pedido", operacao.pedido_id, f"Pedido {operacao.pedido_id}")

    def buscar(self, termo: str) -> Q:
        return numero("pedido_id", termo)
