"""Estados de um envio e o código de rastreamento.

O código segue a norma S10 da UPU (União Postal Universal), seção 5: duas letras do serviço,
oito dígitos, um dígito verificador e o país.
"""

from __future__ import annotations

import enum

from ecommerce.erros import Conflito


class Status(enum.StrEnum):
    AGUARDANDO_ENVIO = "aguardando_envio"
    ENVIADO = "enviado"
    ENTREGUE = "entregue"
    CANCELADO = "cancelado"


TRANSICOES: dict[Status, tuple[Status, ...]] = {
    Status.AGUARDANDO_ENVIO: (Status.ENTREGUE, Status.CANCELADO),
    Status.ENVIADO: (Status.ENTREGUE, Status.CANCELADO),
    Status.ENTREGUE: (),
    Status.CANCELADO: (),
}
CANCELAVEIS = tuple(de for de in Status if Status.CANCELADO in TRANSICOES[de])
ENTREGAVEIS = tuple(de for de in Status if Status.ENTREGUE in TRANSICOES[de])
_PESOS_S10 = (8, 6, 4, 2, 3, 5, 9, 7)
_SERIES = 10**8


def codigo_rastreamento(pedido_id: int) -> str:
    """O código S10 do pedido, sempre o mesmo; a cada 100 milhões muda a segunda letra.

    Depois do PZ não há mais: o maior `pedido_id` de uma ordem é o último que tem um.
    """
    volta, serial = divmod(pedido_id, _SERIES)
    letras = "P" + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[volta]
    return f"{letras}{serial:08d}{digito_s10(f'{serial:08d}')}BR"


def digito_s10(serial: str) -> int:
    """Módulo 11 com os pesos 8 6 4 2 3 5 9 7; 10 vira 0 e 11 vira 5."""
    resto = 11 - sum(int(d) * p for d, p in zip(serial, _PESOS_S10, strict=True)) % 11
    return {10: 0, 11: 5}.get(resto, resto)


def exigir_cancelavel(pedido_id: int, status: str) -> None:
    """Levanta Conflito se o envio já foi entregue."""
    if status == Status.ENTREGUE:
        raise Conflito("O envio já foi entregue.", pedido_id=pedido_id)


def exigir_entregavel(pedido_id: int, status: str) -> None:
    """Levanta Conflito se o envio foi cancelado."""
    if status == Status.CANCELADO:
        raise Conflito("O envio foi cancelado.", pedido_id=pedido_id)
