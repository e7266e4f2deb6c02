"""Os estados de um pagamento; a decisão é da operadora."""

from __future__ import annotations

import enum


class Status(enum.StrEnum):
    """Um pagamento ainda `pendente` não tem linha: só a decisão é gravada."""

    APROVADO = "aprovado"
    REJEITADO = "rejeitado"
    ESTORNADO = "estornado"


TRANSICOES: dict[Status, tuple[Status, ...]] = {
    Status.APROVADO: (Status.ESTORNADO,),
    Status.REJEITADO: (),
    Status.ESTORNADO: (),
}
ESTORNAVEIS = tuple(de for de in Status if Status.ESTORNADO in TRANSICOES[de])
