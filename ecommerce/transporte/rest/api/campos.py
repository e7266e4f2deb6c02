"""Campos estritos: o JSON diz exatamente o que o contrato diz, sem conversões de cortesia."""

from __future__ import annotations

import re
from datetime import UTC
from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.utils import html

from ecommerce.mensagens import ID_MAXIMO, VALOR_MAXIMO
from ecommerce.textos import normalizado

REAIS = "^[0-9]{1,10}([.][0-9]{1,2})?$"


def de_formulario(campo: serializers.Field) -> bool:
    """Se a entrada veio de um formulário HTML, onde tudo é texto."""
    return html.is_html_input(getattr(campo.root, "initial_data", None))


class Inteiro(serializers.IntegerField):
    """Inteiro JSON; texto, booleano e fração são recusados."""

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int and not de_formulario(self):
            self.fail("invalid")
        return super().to_internal_value(data)


class Identificador(Inteiro):
    """Id positivo de 64 bits."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_value", ID_MAXIMO)
        super().__init__(min_value=1, **kwargs)


class Texto(serializers.CharField):
    """Texto JSON, normalizado antes que se meça; números não viram texto."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return normalizado(super().to_internal_value(data))


@extend_schema_field({"type": "string", "pattern": REAIS, "example": "123.40"})
class Dinheiro(serializers.DecimalField):
    """Reais como texto com até duas casas, `"123.40"`: sem sinal, expoente ou espaços."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("min_value", Decimal("0.01"))
        super().__init__(max_digits=12, decimal_places=2, max_value=VALOR_MAXIMO, **kwargs)

    def to_internal_value(self, data: Any) -> Decimal:
        if not (isinstance(data, str) and re.fullmatch(REAIS, data)):
            self.fail("invalid")
        return super().to_internal_value(data)


class Instante(serializers.DateTimeField):
    """Instante em UTC, `2026-11-23T12:00:00Z`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(default_timezone=UTC, **kwargs)


class Estrito(serializers.Serializer):
    """Serializer que recusa campos desconhecidos."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            sobras = {nome: ["Campo desconhecido."] for nome in _nomes(data) - self.fields.keys()}
            if sobras:
                raise serializers.ValidationError(sobras)
        return super().to_internal_value(data)


def _nomes(dados: Any) -> set[str]:
    """Os campos que vieram; num formulário, `itens[0]quantidade` é do campo `itens`."""
    if not html.is_html_input(dados):
        return set(dados)
    return {re.split(r"[\[.]", nome)[0] for nome in dados} - {"csrfmiddlewaretoken"}
