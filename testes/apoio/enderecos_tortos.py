"""Endereços do admin que ninguém digitaria de propósito: nenhum pode ser um erro interno."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db import models
from django.urls import reverse

from testes.apoio.paginas import alguem_da_equipe

ENORME = "9" * 40
PAGINAS = ("1", "0", "-1", "abc", "1.5", "10000000000", ENORME, "%00")
BUSCAS = (
    *("%00", "%00@x", "a" * 3900, "x@" + "y" * 3000, "a%20" * 900, ENORME, "-1", "%C2%B2", "%FF"),
    *("%25", "_", "*", "(", "%27", "%5C", "@", "%F0%9F%9B%92", "%ED%A0%80"),
)
SOLTAS = (
    *("o=zz", "o=1", "o=-99999999999", "o=1.2.-3", "o=%00", "e=1", "all=1", "_popup=1"),
    *("_facets=1", "_to_field=id", "_to_field=zz", "_changelist_filters=%00", "zz=1", "zz__in=1"),
    *("pk=abc", f"pk={ENORME}", f"pk__in={ENORME},1", "pk__range=1", "pk=%00"),
)
ANOS = ("0", "1", "9999", "99999", "-1", "abc", "", "%00", ENORME)
NO_ANO = (
    *(
        "2026&{0}__month=2&{0}__day=30",
        "2026&{0}__month=99",
        "2026&{0}__month=%00",
        "2026&{0}__day=",
    ),
    *("9999&{0}__month=12", "9999&{0}__month=12&{0}__day=31", "1&{0}__month=1&{0}__day=1"),
)
DO_CAMPO = (
    *("=abc", "=%00", f"={ENORME}", f"__in={ENORME},1", "__regex=(", "__isnull=zz", "__gte=abc"),
    *("__exact=zz", "__exact=%00", f"__id__exact={ENORME}", "__zz=1"),
)
CHAVES = ("0", "-1", "abc", ENORME, "%00", "a" * 300, "1_2F2", "_00", "%FF")


def conferir_enderecos_tortos() -> None:
    """Falha se uma página do admin deste serviço dá um erro interno, seja qual for o endereço."""
    navegador = alguem_da_equipe(superusuario=True)
    navegador.raise_request_exception = False
    erros = {}
    assert navegador.get("/admin/").status_code == 200  # e assim os admin.py já se registraram
    for modelo, do_admin in admin.site._registry.items():
        for caminho in _enderecos(modelo, do_admin):
            if (status := navegador.get(caminho).status_code) >= 500:
                erros[caminho] = status
    assert erros == {}


def _enderecos(modelo: type[models.Model], do_admin: Any) -> Iterator[str]:
    lista = reverse(f"admin:{modelo._meta.app_label}_{modelo._meta.model_name}_changelist")
    consultas = [*SOLTAS, *(f"p={p}" for p in PAGINAS), *(f"q={q}" for q in BUSCAS)]
    filtros = [f.parameter_name for f in do_admin.list_filter if hasattr(f, "parameter_name")]
    for campo in (*filtros, *(campo.name for campo in modelo._meta.get_fields())):
        consultas += [campo + resto for resto in DO_CAMPO]
    datas = [f.name for f in modelo._meta.get_fields() if isinstance(f, models.DateTimeField)]
    for campo in datas:
        consultas += [f"{campo}__year={ano}" for ano in ANOS]
        consultas += [f"{campo}__year={data.format(campo)}" for data in NO_ANO]
        consultas += [f"{campo}__month=13", f"{campo}__day=0"]
    yield from (f"{lista}?{consulta}" for consulta in consultas)
    for chave in CHAVES:
        yield from (f"{lista}{chave}/{pagina}/" for pagina in ("change", "history", "delete"))
    um = modelo._default_manager.values_list("pk", flat=True)[:1]
    yield from (f"{lista}{pk}/history/?p={p}" for pk in um for p in PAGINAS)
