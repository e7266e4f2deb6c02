from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from unfold.dataclasses import UnfoldAction
from unfold.decorators import action, display
from unfold.enums import ActionVariant
from unfold.widgets import UnfoldAdminTextInputWidget

from ecommerce.administracao.campos import aceito
from ecommerce.administracao.consulta import (
    Cadastro,
    DoPedido,
    ItensSoLeitura,
    e_numero,
    etiqueta,
    exige,
    filtro,
    instante,
    ligacao,
    numero,
    reais,
    texto,
)
from ecommerce.mensagens import METODOS
from ecommerce.palavras import em_palavras
from ecommerce.textos import email_normalizado, normalizado, validar_email, validar_nome
from pedidos import casos_de_uso
from pedidos.acoes_do_admin import CANCELAR, ENTREGAR, RETOMAR, Acao, confirmar_e_executar
from pedidos.dominio import Status
from pedidos.models import Cliente, ItemPedido, Pedido


class ItemPedidoInline(ItensSoLeitura):
    model = ItemPedido
    fields = ("produto", "nome", "quantidade", "preco")
    readonly_fields = ("produto", "preco")

    preco = reais("preco_unitario", "preço unitário")

    @display(description="produto")
    def produto(self, item: ItemPedido) -> str:
        return ligacao("catalogo", "produto", item.produto_id, str(item.produto_id))


def _em_outro_servico(
    titulo: str, servico: str, modelo: str, dizer: Callable[[Pedido], str | None]
) -> Callable[[Any, Pedido], str]:
    """Campo com o que o pedido sabe do que outro serviço fez, e o link para lá."""

    @display(description=titulo)
    def mostrar(_admin: Any, pedido: Pedido) -> str:
        link = ligacao(servico, modelo, pedido.pk, f"ver em {em_palavras(servico)}")
        dito = dizer(pedido)
        return format_html("{} · {}", dito, link) if dito else link

    return mostrar


@admin.register(Pedido)
class PedidoAdmin(DoPedido):
    """Os pedidos, o caminho de cada um pelos serviços, e o que as pessoas podem fazer com eles."""

    list_display = (
        "id",
        "criado_em",
        "cliente",
        "situacao",
        "total",
        "metodo_em_palavras",
        "pagamento",
        "nota_numero",
        "envio",
        "transporte_em_palavras",
    )
    list_select_related = ("cliente",)
    list_filter = (
        filtro("status", "situação", Status),
        filtro("metodo", "método", METODOS),
        filtro("transporte", "transporte", ("rest", "grpc")),
    )
    date_hierarchy = "data_criacao"
    search_help_text = "Número do pedido, ou e-mail do cliente"
    inlines = (ItemPedidoInline,)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("situacao", "motivo_em_palavras"),
                    ("cliente", "criado_em"),
                    ("total", "metodo_em_palavras"),
                    ("transporte_em_palavras", "enviado"),
                )
            },
        ),
        (
            "Nos outros serviços",
            {"fields": (("nos_pagamentos", "no_estoque"), ("no_fiscal", "na_logistica"))},
        ),
    )
    readonly_fields = (
        "situacao",
        "motivo_em_palavras",
        "total",
        "metodo_em_palavras",
        "transporte_em_palavras",
        "criado_em",
        "enviado",
        "nos_pagamentos",
        "no_estoque",
        "no_fiscal",
        "na_logistica",
    )
    actions_list = ("fazer_pedido",)
    actions = ("cancelar_selecionados", "retomar_selecionados", "entregar_selecionados")
    actions_detail = ("entregar", "retomar", "cancelar")

    situacao = etiqueta("status", "situação")
    criado_em = instante("data_criacao", "criado em")
    enviado = instante("enviado_em", "enviado em")
    pagamento = etiqueta("pagamento_status", "pagamento")
    envio = etiqueta("envio_status", "envio")
    motivo_em_palavras = texto("motivo", "motivo")
    metodo_em_palavras = texto("metodo", "método")
    transporte_em_palavras = texto("transporte", "chegou por")
    total = reais("valor_total", "valor total")
    nos_pagamentos = _em_outro_servico(
        "pagamento", "pagamentos", "pagamento", lambda pedido: em_palavras(pedido.pagamento_status)
    )
    no_estoque = _em_outro_servico("separação", "estoque", "separacao", lambda pedido: None)
    no_fiscal = _em_outro_servico(
        "nota fiscal",
        "fiscal",
        "nota",
        lambda pedido: f"nº {pedido.nota_numero}" if pedido.nota_numero else None,
    )
    na_logistica = _em_outro_servico(
        "envio",
        "logistica",
        "envio",
        lambda pedido: pedido.envio_status and em_palavras(pedido.envio_status),
    )

    def buscar(self, termo: str) -> Q:
        if "@" not in termo:
            return numero("pk", termo)
        cliente = Cliente.objects.filter(email=termo.lower()).first()
        return Q(cliente=cliente) if cliente else Q(pk__in=[])

    has_fazer_permission = exige(casos_de_uso.criar_pedido)
    has_cancelar_permission = exige(casos_de_uso.cancelar_pedido)
    has_retomar_permission = exige(casos_de_uso.retomar_pedido)
    has_entregar_permission = exige(casos_de_uso.entregar_pedido)

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list[UnfoldAction]:
        """Só as ações que cabem no status em que o pedido está."""
        pedido = self.get_object(request, object_id)
        quando = {
            "cancelar": CANCELAR.quando,
            "retomar": RETOMAR.quando,
            "entregar": ENTREGAR.quando,
        }
        acoes = super().get_actions_detail(request, object_id)
        return [acao for acao in acoes if pedido and pedido.status in quando[acao.path]]

    @action(
        description="Fazer um pedido",
        icon="add_shopping_cart",
        url_path="fazer",
        variant=ActionVariant.PRIMARY,
        permissions=["fazer"],
    )
    def fazer_pedido(self, request: HttpRequest) -> HttpResponse:
        return redirect("pedidos-list")  # o formulário é o da API

    @action(
        description="Cancelar",
        icon="cancel",
        variant=ActionVariant.DANGER,
        permissions=["cancelar"],
    )
    def cancelar(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._no_pedido(request, CANCELAR, object_id)

    @action(description="Retomar", icon="replay", permissions=["retomar"])
    def retomar(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._no_pedido(request, RETOMAR, object_id)

    @action(
        description="Marcar como entregue",
        icon="package_2",
        variant=ActionVariant.PRIMARY,
        permissions=["entregar"],
    )
    def entregar(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._no_pedido(request, ENTREGAR, object_id)

    @action(description="Cancelar os selecionados", permissions=["cancelar"])
    def cancelar_selecionados(
        self, request: HttpRequest, pedidos: QuerySet[Pedido]
    ) -> HttpResponse:
        return self._nos_selecionados(request, CANCELAR)

    @action(description="Retomar os selecionados", permissions=["retomar"])
    def retomar_selecionados(self, request: HttpRequest, pedidos: QuerySet[Pedido]) -> HttpResponse:
        return self._nos_selecionados(request, RETOMAR)

    @action(description="Marcar os selecionados como entregues", permissions=["entregar"])
    def entregar_selecionados(
        self, request: HttpRequest, pedidos: QuerySet[Pedido]
    ) -> HttpResponse:
        return self._nos_selecionados(request, ENTREGAR)

    def _no_pedido(self, request: HttpRequest, acao: Acao, object_id: str) -> HttpResponse:
        pedido = self.get_object(request, object_id)
        if pedido is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        volta = reverse("admin:pedidos_pedido_change", args=[pedido.pk])
        return confirmar_e_executar(self, request, acao, [pedido.pk], volta)

    def _nos_selecionados(self, request: HttpRequest, acao: Acao) -> HttpResponse:
        # os marcados na página, e só eles: "todos" seria um milhão
        ids = [int(pk) for pk in request.POST.getlist(ACTION_CHECKBOX_NAME) if e_numero(pk)]
        return confirmar_e_executar(self, request, acao, ids, request.get_full_path())


class ClienteForm(forms.ModelForm):
    nome = forms.CharField(widget=UnfoldAdminTextInputWidget)

    class Meta:
        model = Cliente
        fields = ("nome", "email")

    def clean_nome(self) -> str:
        return aceito(normalizado(self.cleaned_data["nome"]), validar_nome)

    def clean_email(self) -> str:
        return aceito(email_normalizado(self.cleaned_data["email"]), validar_email)


@admin.register(Cliente)
class ClienteAdmin(Cadastro):
    """Quem compra. Só se apaga quem nunca fez um pedido."""

    form = ClienteForm
    list_display = ("id", "nome", "email", "ver_pedidos")
    list_display_links = ("id", "nome")
    fields = ("nome", "email")
    search_help_text = "Número ou e-mail do cliente"

    @display(description="pedidos")
    def ver_pedidos(self, cliente: Cliente) -> str:
        url = f"{reverse('admin:pedidos_pedido_changelist')}?{urlencode({'q': cliente.email})}"
        return format_html('<a href="{}" class="text-primary-600 underline">ver pedidos</a>', url)

    def buscar(self, termo: str) -> Q:
        return Q(email=termo.lower()) if "@" in termo else numero("pk", termo)

    def has_delete_permission(self, request: HttpRequest, obj: Cliente | None = None) -> bool:
        sem_pedidos = obj is None or not obj.pedidos.exists()
        return sem_pedidos and super().has_delete_permission(request, obj)
