from __future__ import annotations

from django.contrib import admin
from django.db.models import Q
from unfold.decorators import display

from ecommerce.administracao.consulta import (
    Consulta,
    DoPedido,
    etiqueta,
    filtro,
    instante,
    numero,
    reais,
    texto,
)
from ecommerce.palavras import em_grupos_de_quatro
from fiscal.dominio import Status
from fiscal.models import Nota, Numeracao

TAMANHO_DA_CHAVE = 44


@admin.register(Nota)
class NotaAdmin(DoPedido):
    """As notas fiscais, uma por pedido."""

    list_display = (
        "pedido_id",
        "numero",
        "serie",
        "situacao",
        "total",
        "emitida_em",
        "chave",
    )
    list_filter = (filtro("status", "situação", Status),)
    date_hierarchy = "data_emissao"
    search_help_text = "Número do pedido ou da nota, ou a chave de acesso (44 dígitos)"
    fields = (
        ("ver_pedido", "situacao"),
        ("numero", "serie"),
        "chave",
        ("total", "emitida_em"),
        "motivo_em_palavras",
    )
    readonly_fields = (
        "ver_pedido",
        "emitida_em",
        "situacao",
        "chave",
        "total",
        "motivo_em_palavras",
    )

    emitida_em = instante("data_emissao", "emitida em")
    situacao = etiqueta("status", "situação")
    total = reais("valor", "valor")
    motivo_em_palavras = texto("motivo", "motivo do cancelamento")

    @display(description="chave de acesso")
    def chave(self, nota: Nota) -> str | None:
        return nota.chave_acesso and em_grupos_de_quatro(nota.chave_acesso)

    def buscar(self, termo: str) -> Q:
        if len(chave := termo.replace(" ", "")) == TAMANHO_DA_CHAVE:
            return Q(chave_acesso=chave)
        # o índice do número começa pela série
        series = list(Numeracao.objects.values_list("serie", flat=True))
        da_nota = Nota.objects.filter(numero("numero", termo), serie__in=series)
        return numero("pk", termo) | Q(pk__in=list(da_nota.values_list("pk", flat=True)))


@admin.register(Numeracao)
class NumeracaoAdmin(Consulta):
    """O último número de cada série."""

    list_display = ("serie", "ultimo")
    fields = ("serie", "ultimo")
    search_help_text = "Série"
