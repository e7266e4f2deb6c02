"""Dinheiro: Decimal em Python, centavos inteiros no banco, texto `"123.40"` no JSON."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.expressions import Combinable
from django.utils.formats import number_format

from ecommerce.mensagens import VALOR_MAXIMO

CENTAVO = Decimal("0.01")
_REAIS = re.compile(r"([0-9]{1,3}([.][0-9]{3})+|[0-9]+)(,[0-9]{1,2})?")


def para_centavos(valor: Decimal) -> int:
    """Reais em centavos. Levanta ValueError se há fração de centavo."""
    centavos = valor * 100
    if centavos != centavos.to_integral_value():
        raise ValueError(f"{valor} tem fração de centavo.")
    return int(centavos)


def de_centavos(centavos: int) -> Decimal:
    """Centavos em reais, sempre com duas casas."""
    return Decimal(centavos).scaleb(-2)


class ReaisFormField(forms.DecimalField):
    """Reais digitados como se mostram, `1.234,50`: a vírgula separa centavos, o ponto, milhares.

    Aceita de um centavo a `maximo`.
    """

    def __init__(self, *, maximo: Decimal, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.maximo = maximo

    def to_python(self, value: Any) -> Any:
        texto = str(value or "").strip()
        if texto and not _REAIS.fullmatch(texto):
            raise ValidationError("Escreva o valor como 1.234,50.", code="invalid")
        return super().to_python(texto.replace(".", "").replace(",", "."))

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is not None and not CENTAVO <= value <= self.maximo:
            raise ValidationError(f"Deve ser de {_mostrar(CENTAVO)} a {_mostrar(self.maximo)}.")

    def prepare_value(self, value: Any) -> Any:
        # o que se digitou volta como se digitou
        return _mostrar(value) if isinstance(value, Decimal) else value


def _mostrar(valor: Decimal) -> str:
    return number_format(valor, 2, force_grouping=True)


class DinheiroField(models.BigIntegerField):
    """Valor em reais guardado como centavos: o SQLite faria de um DecimalField um float."""

    # o que o django-stubs lê para saber que tipo se põe e se tira do campo
    _pyi_private_set_type: Decimal | int | Combinable  # type: ignore[assignment]
    _pyi_private_get_type: Decimal  # type: ignore[assignment]

    def from_db_value(self, value: int | None, *_: Any) -> Decimal | None:
        return None if value is None else de_centavos(value)

    def to_python(self, value: Any) -> Decimal | None:
        if value is None or isinstance(value, Decimal):
            return value
        try:
            return Decimal(str(value)).quantize(CENTAVO)
        except ArithmeticError as erro:
            raise ValidationError(f"{value!r} não é um valor em reais.") from erro

    def get_prep_value(self, value: Any) -> int | None:
        reais = self.to_python(value)
        return None if reais is None else para_centavos(reais)

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj))

    def formfield(self, **kwargs: Any) -> Any:
        required = not self.blank
        return ReaisFormField(label=self.verbose_name, required=required, maximo=VALOR_MAXIMO)
