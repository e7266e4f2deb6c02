from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from unfold.widgets import UnfoldAdminTextInputWidget

from catalogo.models import Produto
from ecommerce.administracao.campos import aceito
from ecommerce.administracao.consulta import Cadastro, reais
from ecommerce.dinheiro import ReaisFormField
from ecommerce.textos import normalizado, validar_produto

PRECO_MAXIMO = Decimal("999999.99")


class ProdutoForm(forms.ModelForm):
    nome = forms.CharField(widget=UnfoldAdminTextInputWidget)
    preco = ReaisFormField(
        label="Preço (R$)",
        maximo=PRECO_MAXIMO,
        widget=UnfoldAdminTextInputWidget,
        help_text="Vale para os próximos pedidos; os já feitos guardam o preço da compra.",
    )

    class Meta:
        model = Produto
        fields = ("nome", "preco")

    def clean_nome(self) -> str:
        return aceito(normalizado(self.cleaned_data["nome"]), validar_produto)


@admin.register(Produto)
class ProdutoAdmin(Cadastro):
    """Os produtos à venda. Nenhum se apaga: os pedidos, em outro serviço, podem citá-lo."""

    form = ProdutoForm
    list_display = ("id", "nome", "preco_de_venda", "estoque", "estoque_em")
    list_display_links = ("id", "nome")
    fields = ("nome", "preco", ("estoque", "estoque_em"))
    readonly_fields = ("estoque", "estoque_em")
    search_help_text = "Número do produto"

    preco_de_venda = reais("preco", "preço")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
