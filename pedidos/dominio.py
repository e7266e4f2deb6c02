"""Estados e regras de um pedido."""

from __future__ import annotations

import enum
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from ecommerce.erros import Conflito, Recusado


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

_PASSO = "um passo respondeu"
_SAIDAS = {
    Status.ENVIADO: "a cadeia respondeu",
    Status.CANCELANDO: "cancelar ou desistir",
    Status.CANCELADO: "recusado",
}
# a máquina de estados: de onde um pedido passa para onde, e por quê
TRANSICOES: dict[Status, dict[Status, str]] = {
    **{de: dict.fromkeys(A_CAMINHO[i:], _PASSO) | _SAIDAS for i, de in enumerate(A_CAMINHO, 1)},
    Status.ENVIADO: {Status.ENTREGUE: "entregar", Status.CANCELANDO: "cancelar"},
    Status.CANCELANDO: {
        Status.CANCELADO: "tudo desfeito",
        # a logística já tinha entregado: vale o que aconteceu, e o que falta a cadeia repete
        Status.ENTREGUE: "já entregue",
        Status.NF_EMITIDA: "já entregue, sem se saber do envio",
    },
    Status.ENTREGUE: {},
    Status.CANCELADO: {},
}
CANCELAVEIS = tuple(de for de in Status if Status.CANCELANDO in TRANSICOES[de])

CANCELADO_A_PEDIDO = "cancelado_a_pedido"
DESISTENCIA = "desistencia"
# as recusas do negócio, com o que se diz delas; outros motivos respondem `pedido_cancelado`
RECUSAS = {
    "pagamento_rejeitado": "A operadora recusou o pagamento.",
    "sem_estoque": "Não há peças para todos os itens.",
    # só em pedidos de quando era o fiscal quem recusava o nome do cliente
    "entrada_invalida": "A nota fiscal não pôde ser emitida com estes dados.",
    "estado_invalido": "Um dos serviços já tinha este pedido com outro conteúdo.",
    "pedido_cancelado": "O pedido foi cancelado.",
}


@dataclass(frozen=True)
class ItemDoPedido:
    """Um item como foi comprado; preço em reais."""

    produto_id: int
    nome: str
    quantidade: int
    preco_unitario: Decimal


@dataclass(frozen=True)
class PagamentoDoPedido:
    """O que o pedido sabe do seu pagamento."""

    status: str


@dataclass(frozen=True)
class NotaDoPedido:
    """O que o pedido sabe da sua nota."""

    numero: str
    chave_acesso: str


@dataclass(frozen=True)
class EnvioDoPedido:
    """O que o pedido sabe do seu envio."""

    status: str
    codigo_rastreamento: str


@dataclass(frozen=True)
class Retrato:
    """Um pedido como se mostra a quem pergunta; valores em reais."""

    id: int
    cliente_id: int
    data_criacao: datetime
    status: str
    motivo: str | None
    valor_total: Decimal
    metodo: str
    itens: tuple[ItemDoPedido, ...]
    pagamento: PagamentoDoPedido
    nota_fiscal: NotaDoPedido | None
    envio: EnvioDoPedido | None

    @property
    def terminado(self) -> bool:
        return self.status not in INACABADOS

    def como_foi_enviado(self) -> Retrato:
        """O pedido como estava ao fim do checkout, ainda que depois entregue ou cancelado."""
        return replace(
            self,
            status=Status.ENVIADO,
            motivo=None,
            pagamento=PagamentoDoPedido("aprovado"),
            envio=self.envio and replace(self.envio, status="aguardando_envio"),
        )


def anteriores(alcancado: Status) -> tuple[Status, ...]:
    """Os estados de onde um pedido a caminho avança até `alcancado`, que nunca anda para trás."""
    return tuple(de for de in A_CAMINHO if alcancado in TRANSICOES[de])


def exigir_transicao(de: Collection[Status], para: Status) -> None:
    """Levanta ValueError se de algum destes estados não se passa a `para`: quem chama errou."""
    if fora := [status for status in de if para not in TRANSICOES[status]]:
        raise ValueError(f"Um pedido não passa de {', '.join(fora)} a {para}.")


def exigir_cancelavel(pedido_id: int, status: Status) -> None:
    """Levanta Conflito se o pedido já foi entregue."""
    if status == Status.ENTREGUE:
        raise Conflito("O pedido já foi entregue.", pedido_id=pedido_id)


def exigir_entregavel(pedido_id: int, status: Status) -> None:
    """Levanta Conflito se o pedido não está `enviado`."""
    if status != Status.ENVIADO:
        raise Conflito(f"Só um pedido enviado é entregue; este está {status}.", pedido_id=pedido_id)


def recusa(pedido_id: int, motivo: str | None) -> Recusado:
    """A recusa com que um pedido cancelado responde, sempre a mesma para o mesmo motivo."""
    codigo = motivo if motivo in RECUSAS else "pedido_cancelado"
    return Recusado(RECUSAS[codigo], codigo=codigo, pedido_id=pedido_id)
