"""O que as pessoas fazem com pedidos no admin: cada ação pergunta, chama o caso de uso e conta."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from unfold.admin import ModelAdmin

from ecommerce.erros import Erro, SemResposta
from ecommerce.palavras import em_palavras
from pedidos import casos_de_uso
from pedidos.dominio import CANCELAVEIS, INACABADOS, Retrato, Status
from pedidos.models import Pedido
from pedidos.vizinhos.rest import LogisticaPorRest, PagamentosPorRest

# com mais que isto o prazo da página acaba, e o resto ficaria para o `retomar`
PEDIDOS_POR_VEZ = 50
_pagamentos, _logistica = PagamentosPorRest(), LogisticaPorRest()


@dataclass(frozen=True)
class Acao:
    """O que se pode pedir: `quando` são os status em que faz sentido oferecê-la num pedido."""

    titulo: str
    explicacao: str
    quando: Collection[Status]
    executar: Callable[[int], Retrato]


CANCELAR = Acao(
    "Cancelar",
    "O pagamento é estornado, as peças voltam ao estoque, a nota e o envio são cancelados.",
    CANCELAVEIS,
    lambda pedido_id: casos_de_uso.cancelar_pedido(pedido_id=pedido_id, pagamentos=_pagamentos),
)
RETOMAR = Acao(
    "Retomar",
    "O pedido inacabado é conduzido de novo pelos serviços; um pedido terminado fica como está.",
    INACABADOS,
    lambda pedido_id: casos_de_uso.retomar_pedido(pedido_id=pedido_id, pagamentos=_pagamentos),
)
ENTREGAR = Acao(
    "Marcar como entregue",
    "O envio é dado por entregue na logística, e o pedido não pode mais ser cancelado.",
    (Status.ENVIADO,),
    lambda pedido_id: casos_de_uso.entregar_pedido(pedido_id=pedido_id, logistica=_logistica),
)


def confirmar_e_executar(
    admin: ModelAdmin, request: HttpRequest, acao: Acao, ids: list[int], volta: str
) -> HttpResponse:
    """Pergunta antes; com o sim, um POST com CSRF, faz a ação em cada pedido e conta o que houve.

    `volta` é a URL para onde se segue.
    """
    if request.method == "POST" and "confirmado" in request.POST:
        for pedido in Pedido.objects.filter(pk__in=ids[:PEDIDOS_POR_VEZ]).order_by("pk"):
            _executar(admin, request, acao, pedido)
        return redirect(volta)
    contexto = admin.admin_site.each_context(request) | {
        "title": acao.titulo,
        "opts": admin.opts,
        "acao": acao,
        "ids": ids[:PEDIDOS_POR_VEZ],
        "volta": volta,
        "acao_do_lote": request.POST.get("action"),
        "campo_do_id": ACTION_CHECKBOX_NAME,
    }
    return TemplateResponse(request, "pedidos/confirmar.html", contexto)


def _executar(admin: ModelAdmin, request: HttpRequest, acao: Acao, pedido: Pedido) -> None:
    try:
        retrato = acao.executar(pedido.pk)
    except SemResposta as falta:
        texto = f"{pedido}: {falta.detalhe} Tente de novo daqui a pouco."
        admin.message_user(request, texto, messages.WARNING)
    except Erro as erro:
        admin.message_user(request, f"{pedido}: {erro.detalhe}", messages.ERROR)
    else:
        texto = f"{pedido}: {em_palavras(retrato.status)}."
        admin.log_change(request, pedido, f"{acao.titulo}: {em_palavras(retrato.status)}.")
        if retrato.terminado:
            admin.message_user(request, texto, messages.SUCCESS)
        else:
            em_curso = f"{texto} Um serviço não respondeu; o pedido será levado ao fim sozinho."
            admin.message_user(request, em_curso, messages.WARNING)
