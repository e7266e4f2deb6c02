"""Estados de uma separação e limites do estoque."""

from __future__ import annotations

import enum
from datetime import timedelta

from ecommerce.erros import EntradaInvalida


class Status(enum.StrEnum):
    SEPARADO = "separado"
    RECUSADO = "recusado"
    LIBERADO = "liberado"


TRANSICOES: dict[Status, tuple[Status, ...]] = {
    Status.SEPARADO: (Status.LIBERADO,),
    Status.RECUSADO: (),
    Status.LIBERADO: (),
}
LIBERAVEIS = tuple(de for de in Status if Status.LIBERADO in TRANSICOES[de])

ENTRADA_MAXIMA = 1_000_000
# o `int32 estoque` das mensagens do enunciado
SALDO_MAXIMO = 2**31 - 1
# por quanto tempo, ao menos, se sabe o que se respondeu a uma Idempotency-Key
CHAVES_VALEM = timedelta(hours=24)


def exigir_entrada_valida(produto_id: int, quantidade: int) -> None:
    """Levanta EntradaInvalida se o produto não é um id ou as peças não são de 1 a 1.000.000."""
    erros = {}
    if produto_id < 1:
        erros["produto_id"] = ["Deve ser um inteiro positivo."]
    if not 1 <= quantidade <= ENTRADA_MAXIMA:
        erros["quantidade"] = [f"Deve ser de 1 a {ENTRADA_MAXIMA}."]
    if erros:
        raise EntradaInvalida(erros)
