"""O que a operadora simulada decide, e o que ela anota."""

from __future__ import annotations

import enum
import random
from dataclasses import dataclass


class Tipo(enum.StrEnum):
    """De que é um lançamento: de um pedido há no máximo um de cada."""

    COBRANCA = "cobranca"
    ESTORNO = "estorno"


class Status(enum.StrEnum):
    """A resposta a uma cobrança; um estorno só se anota aprovado."""

    APROVADO = "aprovado"
    REJEITADO = "rejeitado"


TOKEN_APROVADO = "tok_aprovado"
TOKEN_LENTO = "tok_lento"
ESPERA_TOKEN_LENTO_S = 3.0


@dataclass(frozen=True)
class Decisao:
    """O que a operadora dirá e quanto tempo (s) ela leva para dizê-lo."""

    aprovado: bool
    espera_s: float = 0.0


def decidir(metodo: str, token_cartao: str | None, simulacao: str) -> Decisao:
    """Pix e boleto aprovam; no cartão decide o token, e sem token aprova.

    `simulacao="enunciado"` acrescenta 0,5 a 1,5 s e recusa um em dez, como a tarefa descreve.
    """
    aprovado = metodo != "cartao_credito" or token_cartao in (None, TOKEN_APROVADO, TOKEN_LENTO)
    espera_s = ESPERA_TOKEN_LENTO_S if token_cartao == TOKEN_LENTO else 0.0
    if simulacao == "enunciado":
        espera_s += random.uniform(0.5, 1.5)
        aprovado = aprovado and random.random() < 0.9
    return Decisao(aprovado, espera_s)


def falta_s(espera_s: float, passaram_s: float) -> float:
    """Segundos até a resposta ficar pronta, dos `espera_s` que ela leva; nunca mais que eles.

    `passaram_s` é do relógio de parede: se ele voltou para trás (negativo), já se esperou.
    """
    return max(0.0, espera_s - passaram_s) if passaram_s >= 0 else 0.0
