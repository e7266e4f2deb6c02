"""O que o admin dos serviços tem em comum: ler sem estragar, e depressa com um milhão de linhas."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.admin import ShowFacets, SimpleListFilter
from django.core.paginator import Paginator
from django.db.models import Model, Q, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.timezone import localtime
from unfold.admin import TabularInline
from unfold.decorators import display
from unfold.paginator import InfinitePaginator
from unfold.utils import display_for_label

from ecommerce.acesso import a_equipe_pode
from ecommerce.administracao.enderecos import SoOOferecido
from ecommerce.mensagens import ID_MAXIMO
from ecommerce.operacoes.models import Operacao
from ecommerce.operacoes.registro import registrar
from ecommerce.palavras import em_palavras
from ecommerce.servicos import SERVICOS

OPERACOES_MOSTRADAS = 100
_BOM, _MAU, _DESFEITO = "success", "danger", "warning"
# o que não está aqui ainda está a caminho
_CORES = defaultdict(
    lambda: "info",
    {
        "enviado": _BOM,
        "entregue": _BOM,
        "aprovado": _BOM,
        "separado": _BOM,
        "emitida": _BOM,
        "cancelado": _MAU,
        "cancelada": _MAU,
        "rejeitado": _MAU,
        "recusado": _MAU,
        "cancelando": _DESFEITO,
        "estornado": _DESFEITO,
        "liberado": _DESFEITO,
    },
)


def texto(campo: str, titulo: str) -> Callable[[Any, Model], str | None]:
    """Coluna com o valor de `campo` em palavras."""

    @display(description=titulo)
    def mostrar(_admin: Any, linha: Model) -> str | None:
        valor = getattr(linha, campo)
        return valor and em_palavras(valor)

    return mostrar


def etiqueta(campo: str, titulo: str) -> Callable[[Any, Model], str | None]:
    """Coluna com o estado que está em `campo`, em palavras e na cor do que ele quer dizer."""

    @display(description=titulo)
    def mostrar(_admin: Any, linha: Model) -> str | None:
        valor = getattr(linha, campo)
        return valor and display_for_label((valor, em_palavras(valor)), "-", _CORES)

    return mostrar


def instante(campo: str, titulo: str) -> Callable[[Any, Model], str | None]:
    """Coluna com data e hora, no fuso de quem lê."""

    @display(description=titulo)
    def mostrar(_admin: Any, linha: Model) -> str | None:
        valor = getattr(linha, campo)
        return valor and date_format(localtime(valor), "DATETIME_FORMAT")

    return mostrar


def reais(campo: str, titulo: str) -> Callable[[Any, Model], str | None]:
    """Coluna com um valor em reais."""

    @display(description=titulo)
    def mostrar(_admin: Any, linha: Model) -> str | None:
        valor = getattr(linha, campo)
        return None if valor is None else f"R$\xa0{number_format(valor, 2, force_grouping=True)}"

    return mostrar


def ligacao(servico: str, modelo: str, pk: object, texto: str) -> str:
    """Um link para a página de um registro no admin de outro serviço."""
    url = f"{SERVICOS[servico].url_publica}/admin/{servico}/{modelo}/{pk}/change/"
    classes = "text-primary-600 underline dark:text-primary-500"
    return format_html('<a href="{}" class="{}">{}</a>', url, classes, texto)


def filtro(campo: str, titulo: str, valores: Iterable[str]) -> type[SimpleListFilter]:
    """Filtro lateral pelos valores dados; perguntá-los ao banco seria ler a tabela inteira."""
    opcoes = [(str(valor), em_palavras(valor)) for valor in valores]

    class Filtro(SimpleListFilter):
        title = titulo
        parameter_name = campo

        def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
            return opcoes

        def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
            conhecido = self.value() in dict(opcoes)
            return queryset.filter(**{campo: self.value()}) if conhecido else queryset

    return Filtro


def exige(caso_de_uso: Callable[..., Any]) -> Callable[..., bool]:
    """O `has_..._permission` de uma ação: a permissão é a que a API pede pelo mesmo caso de uso."""

    def tem_permissao(_admin: Any, request: HttpRequest, obj: object = None) -> bool:
        return a_equipe_pode(request.user, caso_de_uso)

    return tem_permissao


def numero(campo: str, termo: str) -> Q:
    """A busca de um inteiro exato; um termo que não é um inteiro de 64 bits não acha nada."""
    return Q(**{campo: int(termo)}) if e_numero(termo) else Q(pk__in=[])


def e_numero(texto: str) -> bool:
    """Se é um inteiro sem sinal que cabe em 64 bits; um texto enorme nem se converte."""
    return texto.isascii() and texto.isdigit() and len(texto) <= 19 and int(texto) <= ID_MAXIMO


class Lista(SoOOferecido):
    """Uma lista que não conta, não ordena por coluna sem índice e só busca valores exatos."""

    paginator = InfinitePaginator
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    list_per_page = 50
    list_disable_select_all = True
    list_filter_sheet = False
    sortable_by = ()
    change_list_template = "administracao/lista.html"
    search_fields = ("pk",)  # só faz a caixa de busca aparecer: quem busca é `buscar`

    def buscar(self, termo: str) -> Q:
        """A condição, atendida por índice, das linhas que o termo nomeia."""
        return numero("pk", termo)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        termo = search_term.strip()
        return (queryset.filter(self.buscar(termo)) if termo else queryset), False

    def get_paginator(
        self, request: HttpRequest, queryset: QuerySet[Any], *args: Any, **kwargs: Any
    ) -> Paginator:
        if queryset.model is not self.model:  # o histórico de um registro é curto, e se conta
            return Paginator(queryset, *args, **kwargs)
        return super().get_paginator(request, queryset, *args, **kwargs)

    def get_ordering(self, request: HttpRequest) -> Any:
        data = self.date_hierarchy
        if data and any(parametro.startswith(f"{data}__") for parametro in request.GET):
            return (f"-{data}", "-pk")  # o índice da data já dá o período nesta ordem
        return super().get_ordering(request)


class Consulta(Lista):
    """Registros que só o sistema muda: aqui as pessoas procuram e leem."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ItensSoLeitura(TabularInline):
    """As linhas de um registro, só para ler."""

    extra = 0
    can_delete = False
    hide_title = True

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True  # quem vê o registro vê as linhas dele

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class DoPedido(Consulta):
    """O que um serviço sabe de um pedido (a chave é a dele) e o que registrou ter feito."""

    change_form_after_template = "administracao/operacoes.html"

    @display(description="pedido")
    def ver_pedido(self, linha: Model) -> str:
        return ligacao("pedidos", "pedido", linha.pk, f"Pedido {linha.pk}")

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["operacoes"] = _tabela_de_operacoes(context["original"].pk)
        return super().render_change_form(request, context, *args, **kwargs)


class Cadastro(Lista):
    """Registros que as pessoas mantêm; cada mudança fica no registro de operações."""

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {}  # nada se apaga em lote

    def save_model(self, request: HttpRequest, obj: Model, form: ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        verbo, resultado = ("alterar", "alterado") if change else ("cadastrar", "cadastrado")
        registrar(f"{verbo}_{self.opts.model_name}", pedido_id=None, resultado=resultado)


def _tabela_de_operacoes(pedido_id: int) -> dict[str, list[Any]]:
    operacoes = Operacao.objects.filter(pedido_id=pedido_id).order_by("pk")
    return {
        "headers": ["Quando", "Operação", "Resultado", "Transporte", "Duração (ms)", "Rastro"],
        "rows": [
            [
                date_format(localtime(operacao.criado_em), "DATETIME_FORMAT"),
                em_palavras(operacao.operacao),
                em_palavras(operacao.resultado),
                em_palavras(operacao.transporte),
                number_format(operacao.duracao_ms, 2),
                operacao.trace_id,
            ]
            for operacao in operacoes[:OPERACOES_MOSTRADAS]
        ],
    }
