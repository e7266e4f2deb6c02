"""As listas do admin só atendem os endereços que elas mesmas oferecem."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.views import ChangeList


class ListaDoEndereco(ChangeList):
    """A lista que o endereço pede; um filtro que não serve leva à lista inteira.

    O Django aceitaria qualquer condição sobre qualquer campo: também sobre os que não se mostram,
    e as que leem a tabela inteira ou que o banco não entende.
    """

    def get_filters(self, request: HttpRequest) -> Any:
        if estranhos := [nome for nome in self.get_filters_params() if not self._oferecido(nome)]:
            raise IncorrectLookupParameters(estranhos)
        try:
            return super().get_filters(request)
        except (ValueError, OverflowError) as erro:  # uma data que não existe, ou sem a seguinte
            raise IncorrectLookupParameters(erro) from erro

    def _oferecido(self, parametro: str) -> bool:
        campo, _, condicao = parametro.partition("__")
        if campo in self.list_filter:
            return condicao in ("exact", "id__exact")
        if campo == self.date_hierarchy:
            # um mês sem o ano leria a tabela inteira
            return condicao in ("year", "month", "day") and f"{campo}__year" in self.params
        return parametro in {getattr(filtro, "parameter_name", None) for filtro in self.list_filter}


class SoOOferecido(ModelAdmin):
    """Um admin cuja lista é uma `ListaDoEndereco`."""

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return ListaDoEndereco
