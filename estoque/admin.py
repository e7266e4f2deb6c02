from __future__ import annotations

from uuid import uuid4

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.decorators import action, display
from unfold.enums import ActionVariant
from unfold.widgets import UnfoldAdminIntegerFieldWidget

from ecommerce.administracao.consulta import (
    Consulta,
    DoPedido,
    ItensSoLeitura,
    etiqueta,
    exige,
    filtro,
    instante,
    texto,
)
from ecommerce.erros import EntradaInvalida, Erro
from ecommerce.mensagens import ID_MAXIMO
from estoque import casos_de_uso
from estoque.dominio import ENTRADA_MAXIMA, Status
from estoque.models import ItemSeparacao, Saldo, Separacao


class EntradaForm(forms.Form):
    # sorteada com o formulário: enviado duas vezes, entra uma só
    chave = forms.UUIDField(initial=uuid4, required=False, widget=forms.HiddenInput)
    produto_id = forms.IntegerField(
        label="Produto", min_value=1, max_value=ID_MAXIMO, widget=UnfoldAdminIntegerFieldWidget
    )
    quantidade = forms.IntegerField(
        label="Quantidade de peças",
        min_value=1,
        max_value=ENTRADA_MAXIMA,
        widget=UnfoldAdminIntegerFieldWidget,
    )


@admin.register(Saldo)
class SaldoAdmin(Consulta):
    """As peças de cada produto; as pessoas só dão entrada em mais."""

    list_display = ("produto_id", "disponivel", "separado", "entradas")
    fields = ("produto_id", ("disponivel", "separado"), "entradas")
    search_help_text = "Número do produto"
    actions_list = ("registrar_entrada",)
    actions_detail = ("registrar_entrada_do_produto",)

    has_entrada_permission = exige(casos_de_uso.registrar_entrada)

    @action(
        description="Registrar entrada",
        icon="add",
        url_path="entrada",
        variant=ActionVariant.PRIMARY,
        permissions=["entrada"],
    )
    def registrar_entrada(self, request: HttpRequest) -> HttpResponse:
        inicial = {"produto_id": request.GET.get("produto_id")}
        formulario = EntradaForm(request.POST or None, initial=inicial)
        if request.method == "POST" and formulario.is_valid() and self._entrou(request, formulario):
            return redirect("admin:estoque_saldo_changelist")
        contexto = self.admin_site.each_context(request) | {
            "title": "Registrar entrada",
            "opts": self.opts,
            "formulario": formulario,
        }
        return TemplateResponse(request, "estoque/entrada.html", contexto)

    @action(
        description="Registrar entrada",
        icon="add",
        url_path="entrada",
        variant=ActionVariant.PRIMARY,
        permissions=["entrada"],
    )
    def registrar_entrada_do_produto(self, request: HttpRequest, object_id: str) -> HttpResponse:
        url = reverse("admin:estoque_saldo_registrar_entrada", query={"produto_id": object_id})
        return redirect(url)

    def _entrou(self, request: HttpRequest, formulario: EntradaForm) -> bool:
        """Registra a entrada e diz como ficou; o que a impediu aparece no formulário."""
        dados = formulario.cleaned_data
        if dados["chave"]:  # quem volta e muda o que digitou faz outra entrada
            dados["chave"] = "{chave} {produto_id} {quantidade}".format(**dados)
        try:
            saldo = casos_de_uso.registrar_entrada(**dados)
        except EntradaInvalida as invalida:
            formulario.add_error(None, [m for erros in invalida.erros.values() for m in erros])
        except Erro as erro:
            formulario.add_error(NON_FIELD_ERRORS, erro.detalhe)
        else:
            mensagem = f"Produto {saldo.produto_id}: agora há {saldo.disponivel} peças disponíveis."
            self.message_user(request, mensagem, messages.SUCCESS)
            return True
        return False


class ItemSeparacaoInline(ItensSoLeitura):
    model = ItemSeparacao
    fields = ("produto_id", "quantidade")


@admin.register(Separacao)
class SeparacaoAdmin(DoPedido):
    """As separações, uma por pedido."""

    list_display = ("pedido_id", "situacao", "itens_separados", "separada_em", "motivo_em_palavras")
    list_filter = (filtro("status", "situação", Status),)
    date_hierarchy = "criada_em"
    search_help_text = "Número do pedido"
    inlines = (ItemSeparacaoInline,)
    fields = (("ver_pedido", "situacao"), ("separada_em", "motivo_em_palavras"))
    readonly_fields = ("ver_pedido", "separada_em", "situacao", "motivo_em_palavras")

    separada_em = instante("criada_em", "separada em")
    situacao = etiqueta("status", "situação")
    motivo_em_palavras = texto("motivo", "motivo da liberação")

    @display(description="itens")
    def itens_separados(self, separacao: Separacao) -> str:
        return ", ".join(str(item) for item in separacao.itens.all())

    def get_queryset(self, request: HttpRequest) -> Model:
        return super().get_queryset(request).prefetch_related("itens")
