"""Ler a consulta de preços sem o serializer dá sempre o que o serializer daria."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import QueryDict
from rest_framework.exceptions import ValidationError

from catalogo.serializers import ConsultaDePrecos, ids_da_consulta

CONSULTAS = [
    "id=1",
    "id=2&id=1&id=2",
    "id=%D9%A1",
    "id=01",
    "id=+1",
    "id=0",
    "id=-1",
    "id=1.0",
    "id=9223372036854775807",
    "id=9223372036854775808",
    "id=",
    "id[0]=3",
    "",
    "&".join(f"id={n}" for n in range(1, 102)),
]


def pelo_serializer(parametros: QueryDict) -> Any:
    consulta = ConsultaDePrecos(data=parametros)
    consulta.is_valid(raise_exception=True)
    return consulta.validated_data["id"]


def desfecho(ler: Any, parametros: QueryDict) -> Any:
    try:
        return ler(parametros)
    except ValidationError as erro:
        return erro.detail


@pytest.mark.parametrize("consulta", CONSULTAS)
def teste_com_ou_sem_serializer_o_desfecho_e_o_mesmo(consulta: str) -> None:
    parametros = QueryDict(consulta)
    assert desfecho(ids_da_consulta, parametros) == desfecho(pelo_serializer, parametros)


def teste_ids_exatos_dispensam_o_serializer(monkeypatch: pytest.MonkeyPatch) -> None:
    def montar(*_: Any, **__: Any) -> None:
        pytest.fail("o serializer custa 0,2 ms, e esta consulta não precisa dele")

    monkeypatch.setattr(ConsultaDePrecos, "__init__", montar)
    assert ids_da_consulta(QueryDict("id=2&id=1")) == [2, 1]
