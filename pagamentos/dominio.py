"""Estados de um pagamento e a decisão da operadora simulada."""

from __future__ import annotations

import enum
import random
from dataclasses import dataclass


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

TOKEN_APROVADO = "tok_aprovado"
TOKEN_LENTO = "tok_lento"
ESPERA_TOKEN_LENTO_S = 3.0


@dataclass(frozen=True)
class Decisao:
    """O que a operadora dirá e quanto tempo (s) ela leva para dizê-lo."""

    aprovado: bool
    espera_s: float = 0.0


def decidir(metodo: str, token_cartao: str | None, simulacao: str) -> Decisao:
    """Simula a operadora: pix e boleto aprovam; no cartão decide o token, e sem token aprova.

    `simulacao="enunciado"` acrescenta 0,5 a 1,5 s e recusa um em dez, como a tarefa descreve.
    """
    aprovado = metodo != "cartao_credito" or token_cartao in (None, TOKEN_APROVADO, TOKEN_LENTO)
    espera_s = ESPERA_TOKEN_LENTO_S if token_cartao == TOKEN_LENTO else 0.0
    if simulacao == "enunciado":
        espera_s += random.uniform(0.5, 1.5)
        aprovado = aprovado and random.random() < 0.9
    return Decisao(aprovado, espera_s)
