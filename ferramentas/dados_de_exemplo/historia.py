"""Uma loja em dados: quem compra, o que se vende e a história inteira de cada pedido."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from ecommerce.mensagens import (
    Cliente,
    LinhaEnvio,
    LinhaNota,
    LinhaPagamento,
    LinhaSeparacao,
    Ordem,
)

# o motivo que cada serviço guarda quando é o pedido, e não uma recusa, que manda desfazer
DESFEITO_A_PEDIDO = "pedido_cancelado"


@dataclass(frozen=True, slots=True)
class Produto:
    """Um produto à venda; `preco` em reais."""

    id: int
    nome: str
    preco: Decimal


@dataclass(frozen=True, slots=True)
class Marca:
    """Como o registro de operações lembra uma chamada; `duracao_ms` é a de cada passo.

    `origem` é `rest`, `grpc` ou `arquivo` (veio de um ecommerce.db, sem passar pela cadeia).
    """

    trace_id: str
    origem: str = "arquivo"
    duracao_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class Entrada:
    """Peças de um produto que chegaram ao estoque."""

    produto_id: int
    quantidade: int
    quando: datetime
    marca: Marca


@dataclass(frozen=True, slots=True)
class Historia:
    """Um pedido e o que cada serviço fez por ele; None onde a cadeia não chegou.

    `encerrado_em` é a entrega ou o cancelamento.
    """

    ordem: Ordem
    marca: Marca
    criado_em: datetime
    status: str
    motivo: str | None = None
    pagamento: LinhaPagamento | None = None
    separacao: LinhaSeparacao | None = None
    separado_em: datetime | None = None
    nota: LinhaNota | None = None
    envio: LinhaEnvio | None = None
    encerrado_em: datetime | None = None


@dataclass(slots=True)
class Saldo:
    """As peças de um produto: `entradas` ao todo, das quais `separado` está em pedidos vivos."""

    entradas: int = 0
    separado: int = 0

    @property
    def disponivel(self) -> int:
        return self.entradas - self.separado


@dataclass
class DadosDaLoja:
    """Os dados de uma loja, em fluxo: `eventos` se percorre uma vez só, em ordem de data.

    `saldos` fica completo quando os eventos acabam; `referencia` é o instante da fotografia.
    """

    clientes: Iterable[Cliente]
    produtos: list[Produto]
    eventos: Iterable[Entrada | Historia]
    referencia: datetime
    saldos: dict[int, Saldo] = field(init=False)

    def __post_init__(self) -> None:
        self.saldos = {produto.id: Saldo() for produto in self.produtos}

    def percorrer(self) -> Iterator[Entrada | Historia]:
        """Os eventos, somando cada um aos saldos."""
        for evento in self.eventos:
            if isinstance(evento, Entrada):
                self.saldos[evento.produto_id].entradas += evento.quantidade
            elif evento.separacao and evento.separacao.status == "separado":
                for item in evento.separacao.itens:
                    self.saldos[item.produto_id].separado += item.quantidade
            yield evento


def efeitos(historia: Historia) -> Iterator[tuple[str, str, str, datetime]]:
    """O que cada serviço gravou: (serviço, operação, resultado, quando), na ordem em que foi."""
    pagamento, nota, envio = historia.pagamento, historia.nota, historia.envio
    yield "pedidos", "criar_pedido", "pendente", historia.criado_em
    if pagamento and pagamento.data_processamento:
        decisao = "rejeitado" if pagamento.status == "rejeitado" else "aprovado"
        yield "pagamentos", "processar_pagamento", decisao, pagamento.data_processamento
    if historia.separacao and historia.separado_em:
        decisao = "recusado" if historia.separacao.status == "recusado" else "separado"
        yield "estoque", "separar_estoque", decisao, historia.separado_em
    if nota and nota.data_emissao:
        yield "fiscal", "emitir_nota", "emitida", nota.data_emissao
    if envio and envio.data_despacho:
        yield "logistica", "agendar_envio", "aguardando_envio", envio.data_despacho
        yield "pedidos", "concluir_pedido", "enviado", envio.data_despacho
    if historia.encerrado_em:
        for servico, operacao, resultado in _efeitos_do_fim(historia):
            yield servico, operacao, resultado, historia.encerrado_em


def _efeitos_do_fim(historia: Historia) -> Iterator[tuple[str, str, str]]:
    """A entrega; ou o cancelamento, que desfaz da ponta da cadeia para trás."""
    if historia.status == "entregue":
        yield "logistica", "entregar_envio", "entregue"
        yield "pedidos", "entregar_pedido", "entregue"
        return
    if historia.envio:
        yield "logistica", "cancelar_envio", "cancelado"
    if historia.nota:
        yield "fiscal", "cancelar_nota", "cancelada"
    if historia.separacao and historia.separacao.status == "liberado":
        yield "estoque", "liberar_estoque", "liberado"
    if historia.pagamento and historia.pagamento.status == "estornado":
        yield "pagamentos", "estornar_pagamento", "estornado"
    yield "pedidos", "cancelar_pedido", "cancelado"
