"""Estados e regras de um pedido."""

from __future__ import annotations

import enum

from ecommerce.erros import Conflito


class Status(enum.StrEnum):
    PENDENTE = "pendente"
    PAGAMENTO_APROVADO = "pagamento_aprovado"
    EM_SEPARACAO = "em_separacao"
    NF_EMITIDA = "nf_emitida"
    ENVIADO = "enviado"
    ENTREGUE = "entregue"
    CANCELANDO = "cancelando"
    CANCELADO = "cancelado"


# a caminho do envio: a cadeia ainda não respondeu
A_CAMINHO = (
    Status.PENDENTE,
    Status.PAGAMENTO_APROVADO,
    Status.EM_SEPARACAO,
    Status.NF_EMITIDA,
)
# alguém ainda tem de levar o pedido ao fim
INACABADOS = (*A_CAMINHO, Status.CANCELANDO)
CANCELAVEIS = (*A_CAMINHO, Status.ENVIADO)

CANCELADO_A_PEDIDO = "cancelado_a_pedido"
# recusas do negócio, que ficam como motivo do pedido
MOTIVOS_DE_RECUSA = (
    "pagamento_rejeitado",
    "sem_estoque",
    "pedido_cancelado",
    "produto_inexistente",
    "entrada_invalida",
    "estado_invalido",
)


def anteriores(alcancado: Status) -> tuple[Status, ...]:
    """Os estados de onde um pedido a caminho avança até `alcancado`, que nunca anda para trás."""
    return A_CAMINHO[: A_CAMINHO.index(alcancado)]


def exigir_cancelavel(pedido_id: int, status: Status) -> None:
    """Levanta Conflito se o pedido já foi entregue."""
    if status == Status.ENTREGUE:
        raise Conflito("O pedido já foi entregue.", pedido_id=pedido_id)


def exigir_entregavel(pedido_id: int, status: Status) -> None:
    """Levanta Conflito se o pedido não está `enviado`."""
    if status != Status.ENVIADO:
        raise Conflito(f"Só um pedido enviado é entregue; este está {status}.", pedido_id=pedido_id)


def codigo_da_recusa(motivo: str | None) -> str:
    """O `codigo` com que um pedido cancelado responde a quem repete a chave de idempotência."""
    return motivo if motivo in MOTIVOS_DE_RECUSA else "pedido_cancelado"
