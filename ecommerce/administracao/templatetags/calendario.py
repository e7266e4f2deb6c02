"""A navegação por datas do admin, feita do calendário.

A do Django pergunta ao banco quais anos, meses e dias existem, o que lê a tabela inteira.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Any

from django import template
from django.contrib.admin.views.main import ChangeList
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime

register = template.Library()


@register.inclusion_tag("admin/date_hierarchy.html")
def calendario(cl: ChangeList) -> dict[str, Any]:
    """Os anos, meses ou dias entre a primeira e a última linha, conforme o que já se escolheu."""
    limites = _limites(cl)
    if limites is None:
        return {"show": False}
    primeiro, ultimo = limites
    ano, mes, dia = (_escolhido(cl, parte) for parte in ("year", "month", "day"))
    if ano is None:
        anos = range(ultimo.year, primeiro.year - 1, -1)
        return _nivel(cl, None, [(str(a), {"year": a}) for a in anos])
    if mes is None:
        meses = [date(ano, m, 1) for m in range(1, 13)]
        dentro = [m for m in meses if primeiro.replace(day=1) <= m <= ultimo]
        escolhas = [(_mes(m), {"year": ano, "month": m.month}) for m in dentro]
        return _nivel(cl, ("Todas as datas", {}), escolhas)
    do_mes = {"year": ano, "month": mes}
    if dia is None:
        dias = [date(ano, mes, d + 1) for d in range(monthrange(ano, mes)[1])]
        escolhas = [(_dia(d), do_mes | {"day": d.day}) for d in dias if primeiro <= d <= ultimo]
        return _nivel(cl, (str(ano), {"year": ano}), escolhas)
    return _nivel(cl, (_mes(date(ano, mes, 1)), do_mes), [(_dia(date(ano, mes, dia)), {})])


def _limites(cl: ChangeList) -> tuple[date, date] | None:
    """O primeiro e o último dia da tabela, um valor de cada ponta do índice da data."""
    campo = cl.date_hierarchy
    com_data = cl.model._default_manager.exclude(**{campo: None})
    primeiro = com_data.order_by(campo).values_list(campo, flat=True).first()
    ultimo = com_data.order_by(f"-{campo}").values_list(campo, flat=True).first()
    if primeiro is None or ultimo is None:
        return None
    return localtime(primeiro).date(), localtime(ultimo).date()


def _escolhido(cl: ChangeList, parte: str) -> int | None:
    valor = cl.params.get(f"{cl.date_hierarchy}__{parte}")
    return None if valor is None else int(valor)


def _nivel(
    cl: ChangeList,
    volta: tuple[str, dict[str, int]] | None,
    escolhas: list[tuple[str, dict[str, int]]],
) -> dict[str, Any]:
    """O contexto do template do Django; uma escolha sem partes não leva a lugar nenhum."""
    return {
        "show": True,
        "back": volta and {"title": volta[0], "link": _link(cl, volta[1])},
        "choices": [
            {"title": titulo} | ({"link": _link(cl, partes)} if partes else {})
            for titulo, partes in escolhas
        ],
    }


def _link(cl: ChangeList, partes: dict[str, int]) -> str:
    campo = cl.date_hierarchy
    parametros = {f"{campo}__{parte}": valor for parte, valor in partes.items()}
    return cl.get_query_string(parametros, [f"{campo}__", "p"])


def _mes(dia: date) -> str:
    return capfirst(date_format(dia, "YEAR_MONTH_FORMAT"))


def _dia(dia: date) -> str:
    return date_format(dia, "MONTH_DAY_FORMAT")
