"""Estados de uma separação e limites do estoque."""

from __future__ import annotations

import enum

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


def exigir_entrada_valida(quantidade: int) -> None:
    """Levanta EntradaInvalida se a quantidade de peças não é de 1 a 1.000.000."""
    if not 1 <= quantidade <= ENTRADA_MAXIMA:
        raise EntradaInvalida({"quantidade": [f"Deve ser de 1 a {ENTRADA_MAXIMA}."]})
