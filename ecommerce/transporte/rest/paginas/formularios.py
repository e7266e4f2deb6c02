"""A API no navegador: formulários também para listas, com os erros junto dos campos.

O DRF carrega este módulo enquanto define as suas views: importá-las aqui seria um ciclo.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import IO, TYPE_CHECKING, Any

import orjson
from django.conf import settings
from django.http import QueryDict
from django.template import loader
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.parsers import DataAndFiles, FormParser, MultiPartParser
from rest_framework.renderers import BrowsableAPIRenderer, HTMLFormRenderer
from rest_framework.request import Request, override_method
from rest_framework.utils import html
from rest_framework.utils.serializer_helpers import BoundField

if TYPE_CHECKING:
    from rest_framework.views import APIView

LINHAS_EM_BRANCO = 5


class LeitorDeFormulario(FormParser):
    """Formulário HTML em que o campo vazio é campo ausente: assim somem as linhas em branco."""

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        return _sem_vazios(super().parse(stream, media_type, parser_context))


class LeitorMultiparte(MultiPartParser):
    """O mesmo, na codificação que os formulários da API usam."""

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> DataAndFiles:
        lido = super().parse(stream, media_type, parser_context)
        return DataAndFiles(_sem_vazios(lido.data), lido.files)


def _sem_vazios(dados: QueryDict) -> QueryDict:
    cheios = QueryDict(mutable=True)
    for campo, valores in dados.lists():
        if any(valores):
            cheios.setlist(campo, valores)
    return cheios


class Formulario(HTMLFormRenderer):
    """Os campos de um serializer; `erros` vai do caminho (`itens[0].quantidade`) às mensagens."""

    def __init__(self, erros: Mapping[str, list[str]]) -> None:
        self.erros = erros

    def render_field(self, field: BoundField, parent_style: Mapping[str, Any]) -> str:
        if isinstance(field._field, serializers.ListSerializer):
            return self._tabela(field)
        field.errors = [ErrorDetail(erro) for erro in self.erros.get(field.name, [])]
        return str(super().render_field(field, parent_style))

    def _tabela(self, lista: BoundField) -> str:
        """As linhas já preenchidas, e mais algumas em branco, com uma coluna por campo."""
        colunas = [campo for campo in lista.child.fields.values() if not campo.read_only]
        opcoes = {campo.field_name: _opcoes(campo) for campo in colunas}
        preenchidas = lista.value or []
        linhas = [*preenchidas, *([{}] * max(1, LINHAS_EM_BRANCO - len(preenchidas)))]
        contexto = {
            "titulo": lista.label,
            "colunas": [campo.label for campo in colunas],
            "erros": self.erros.get(lista.name, []),
            "linhas": [
                [
                    {
                        "nome": f"{lista.name}[{posicao}]{campo.field_name}",
                        "rotulo": f"{campo.label} {posicao + 1}",
                        "tipo": self.default_style[campo].get("input_type", "text"),
                        "valor": str(linha.get(campo.field_name, "")),
                        "erros": self.erros.get(f"{lista.name}[{posicao}].{campo.field_name}", []),
                        "opcoes": opcoes[campo.field_name],
                    }
                    for campo in colunas
                ]
                for posicao, linha in enumerate(linhas)
            ],
        }
        return loader.get_template("formularios/lista.html").render(contexto)


def _opcoes(campo: serializers.Field) -> list[tuple[str, str]]:
    """O que `style={"opcoes": ...}` oferece; sem opções, o campo é de digitar."""
    oferecer: Callable[[], list[tuple[str, str]]] | None = campo.style.get("opcoes")
    return oferecer() if oferecer else []


class PaginaDaApi(BrowsableAPIRenderer):
    """A página de uma operação: a resposta, e o formulário para a próxima."""

    accepted_media_type: str
    renderer_context: dict[str, Any]

    def render_form_for_serializer(self, serializer: serializers.BaseSerializer) -> str:
        request, erros = self.renderer_context["request"], {}
        if request.method == "POST" and self.renderer_context["response"].exception:
            serializer = type(serializer)(data=request.data, context=serializer.context)
            serializer.is_valid()
            erros = self.renderer_context["response"].data.get("erros", {})
        estilo = {"style": {"template_pack": "rest_framework/horizontal"}}
        return str(Formulario(erros).render(serializer.data, self.accepted_media_type, estilo))

    def get_raw_data_form(self, data: Any, view: APIView, method: str, request: Request) -> Any:
        """O JSON recusado, ou um exemplo; vazio se a operação não tem corpo."""
        if method != "POST" or not hasattr(view, "get_serializer"):
            return ""
        with override_method(view, request, method):
            corpo = view.get_serializer().data
        if request.method == "POST" and self.renderer_context["response"].exception:
            corpo = corpo if html.is_html_input(request.data) else request.data
        return orjson.dumps(corpo, option=orjson.OPT_INDENT_2).decode() if corpo else ""

    def get_filter_form(self, data: Any, view: APIView, request: Request) -> Any:
        """Nada quando a lista não tem filtros: o DRF exigiria dela uma consulta mesmo assim."""
        return super().get_filter_form(data, view, request) if _tem_filtros(view) else None

    def get_context(self, data: Any, *args: Any) -> dict[str, Any]:
        contexto = super().get_context(data, *args)
        request, resposta = contexto["request"], contexto["response"]
        return contexto | {
            "servico": settings.NOME_DO_SERVICO,
            "icone": settings.UNFOLD["SITE_FAVICONS"][0]["href"],
            "problema": data if resposta.exception and isinstance(data, dict) else None,
            "tem_formulario": contexto["post_form"] and contexto["display_edit_forms"],
            # o que se acabou de fazer vem antes do formulário; senão, é ele que interessa
            "feito": request.method == "POST" and not resposta.exception,
            "so_acao": request.method == "GET" and resposta.status_code == 405,
        }


def volta_ao_formulario(view: APIView, request: Request, status: int) -> bool:
    """Se o erro se mostra na página da API, com o formulário para o corrigir.

    É assim o erro de um envio. Uma ação vista antes de pedida (405) também é uma página: o botão.
    """
    do_envio = request.method == "POST" and status != 404
    da_acao = request.method == "GET" and status == 405 and "POST" in view.allowed_methods
    if not (do_envio or da_acao):
        return False
    with override_method(view, request, "POST") as envio:
        return all(regra.has_permission(envio, view) for regra in view.get_permissions())


def _tem_filtros(view: APIView) -> bool:
    return bool(getattr(view, "filter_backends", []))


def nome_da_pagina(view: APIView) -> str:
    """O título da página: a ação, o registro ou a lista que ela mostra."""
    if hasattr(view, "api_root_dict"):
        return f"Checkout · {settings.NOME_DO_SERVICO}"
    acao = getattr(view, "name", None)
    if acao:
        return str(acao)
    consulta = getattr(view, "queryset", None)
    if consulta is None:
        return str(getattr(view, "basename", view.__class__.__name__)).capitalize()
    nomes = consulta.model._meta
    if not getattr(view, "detail", False):
        return str(nomes.verbose_name_plural).capitalize()
    return f"{nomes.verbose_name} {getattr(view, 'kwargs', {}).get('pk', '')}".strip().capitalize()
