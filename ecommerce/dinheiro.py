"""Dinheiro: Decimal em Python, centavos inteiros no banco, texto `"123.40"` no JSON."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.expressions import Combinable

CENTAVO = Decimal("0.01")


def para_centavos(valor: Decimal) -> int:
    """Reais em centavos. Levanta ValueError se há fração de centavo."""
    centavos = valor * 100
    if centavos != centavos.to_integral_value():
        raise ValueError(f"{valor} tem fração de centavo.")
    return int(centavos)


def de_centavos(centavos: int) -> Decimal:
    """Centavos em reais, sempre com duas casas."""
    return Decimal(centavos).scaleb(-2)


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
        return forms.DecimalField(
            label=self.verbose_name, required=not self.blank, max_digits=12, decimal_places=2
        )
