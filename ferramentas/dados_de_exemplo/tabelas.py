"""Das histórias às linhas de cada tabela dos seis serviços."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

from ecommerce.dinheiro import para_centavos
from ecommerce.mensagens import LinhaNota, LinhaPagamento
from ecommerce.servicos import SERVICOS
from estoque.dominio import ENTRADA_MAXIMA
from ferramentas.dados_de_exemplo.historia import (
    DESFEITO_A_PEDIDO,
    DadosDaLoja,
    Entrada,
    Historia,
    Marca,
    efeitos,
)
from fiscal.dominio import SERIE


@dataclass(frozen=True, eq=False)
class Tabela:
    """Uma tabela de um serviço; a primeira coluna é a chave primária.

    `dinheiro` são as colunas em centavos, `instantes` as de data, `estrangeira` a que é FK;
    `alias`, o banco do serviço em que ela mora.
    """

    servico: str
    modelo: str
    colunas: tuple[str, ...]
    dinheiro: frozenset[str] = frozenset()
    instantes: frozenset[str] = frozenset()
    estrangeira: str | None = None
    alias: str = "default"

    @property
    def nome(self) -> str:
        return self.modelo.replace(".", "_")

    @property
    def banco(self) -> str:
        return SERVICOS[self.servico].bancos[self.alias]

    @property
    def id_automatico(self) -> bool:
        """A chave primária vem de uma sequência do banco."""
        return self.colunas[0] == "id"


Linha = tuple[Tabela, tuple[Any, ...]]
Contadores = dict[Tabela, Iterator[int]]

CLIENTE = Tabela("pedidos", "pedidos.cliente", ("id", "nome", "email"))
PEDIDO = Tabela(
    "pedidos",
    "pedidos.pedido",
    (
        *("id", "cliente_id", "data_criacao", "status", "motivo", "valor_total", "metodo"),
        *("token_cartao", "transporte", "chave_idempotencia", "impressao", "em_curso_ate"),
        *("enviado_em", "pagamento_status", "nota_numero", "nota_chave_acesso"),
        *("envio_status", "envio_codigo_rastreamento"),
    ),
    dinheiro=frozenset({"valor_total"}),
    instantes=frozenset({"data_criacao", "enviado_em"}),
    estrangeira="cliente_id",
)
ITEM_PEDIDO = Tabela(
    "pedidos",
    "pedidos.itempedido",
    ("id", "pedido_id", "produto_id", "nome", "quantidade", "preco_unitario"),
    dinheiro=frozenset({"preco_unitario"}),
    estrangeira="pedido_id",
)
PAGAMENTO = Tabela(
    "pagamentos",
    "pagamentos.pagamento",
    ("pedido_id", "status", "metodo", "valor", "data_processamento", "motivo", "impressao"),
    dinheiro=frozenset({"valor"}),
    instantes=frozenset({"data_processamento"}),
)
LANCAMENTO = Tabela(
    "pagamentos",
    "operadora.lancamento",
    ("id", "pedido_id", "tipo", "status", "valor", "impressao", "criado_em", "espera_ms"),
    dinheiro=frozenset({"valor"}),
    instantes=frozenset({"criado_em"}),
    alias="operadora",
)
SALDO = Tabela("estoque", "estoque.saldo", ("produto_id", "disponivel", "separado", "entradas"))
SEPARACAO = Tabela(
    "estoque",
    "estoque.separacao",
    ("pedido_id", "status", "criada_em", "motivo", "impressao"),
    instantes=frozenset({"criada_em"}),
)
ITEM_SEPARACAO = Tabela(
    "estoque",
    "estoque.itemseparacao",
    ("id", "separacao_id", "produto_id", "quantidade"),
    estrangeira="separacao_id",
)
NOTA = Tabela(
    "fiscal",
    "fiscal.nota",
    (
        *("pedido_id", "numero", "serie", "chave_acesso", "valor", "status", "data_emissao"),
        *("motivo", "impressao"),
    ),
    dinheiro=frozenset({"valor"}),
    instantes=frozenset({"data_emissao"}),
)
NUMERACAO = Tabela("fiscal", "fiscal.numeracao", ("serie", "ultimo"))
ENVIO = Tabela(
    "logistica",
    "logistica.envio",
    ("pedido_id", "codigo_rastreamento", "status", "data_despacho", "impressao"),
    instantes=frozenset({"data_despacho"}),
)
PRODUTO = Tabela(
    "catalogo",
    "catalogo.produto",
    ("id", "nome", "preco", "estoque", "estoque_em"),
    dinheiro=frozenset({"preco"}),
    instantes=frozenset({"estoque_em"}),
)
OPERACOES = {
    servico: Tabela(
        servico,
        "operacoes.operacao",
        (
            *("id", "pedido_id", "operacao", "resultado", "transporte", "duracao_ms"),
            *("trace_id", "criado_em"),
        ),
        instantes=frozenset({"criado_em"}),
    )
    for servico in SERVICOS
}
# quem é referido vem antes de quem o refere
TABELAS = (
    *(CLIENTE, PEDIDO, ITEM_PEDIDO, PAGAMENTO, LANCAMENTO, SALDO, SEPARACAO, ITEM_SEPARACAO),
    *(NOTA, NUMERACAO, ENVIO, PRODUTO, *OPERACOES.values()),
)


def linhas(loja: DadosDaLoja) -> Iterator[Linha]:
    """Todas as linhas da loja, em fluxo; saldos, produtos e numeração só se sabem no fim."""
    ids: Contadores = {tabela: count(1) for tabela in TABELAS if tabela.id_automatico}
    for cliente in loja.clientes:
        yield CLIENTE, (cliente.id, cliente.nome, cliente.email)
    ultima_nota = 0
    for evento in loja.percorrer():
        if isinstance(evento, Entrada):
            yield from _entrada(evento, ids)
        else:
            yield from _historia(evento, ids)
            ultima_nota = max(ultima_nota, _numero(evento.nota) or 0)
    for produto in loja.produtos:
        saldo = loja.saldos[produto.id]
        yield SALDO, (produto.id, saldo.disponivel, saldo.separado, saldo.entradas)
        preco = para_centavos(produto.preco)
        yield PRODUTO, (produto.id, produto.nome, preco, saldo.disponivel, loja.referencia)
    if ultima_nota:
        yield NUMERACAO, (SERIE, ultima_nota)


def _entrada(entrada: Entrada, ids: Contadores) -> Iterator[Linha]:
    """O registro das entradas, tantas quantas o limite de peças por entrada pede."""
    for _ in range(0, entrada.quantidade, ENTRADA_MAXIMA):
        efeito = ("registrar_entrada", "registrada", entrada.quando)
        yield _operacao("estoque", None, efeito, entrada.marca, ids)


def _historia(historia: Historia, ids: Contadores) -> Iterator[Linha]:
    impressao = historia.ordem.impressao
    yield from _pedido(historia, impressao, ids)
    yield from _passos(historia, impressao, ids)
    for servico, *efeito in efeitos(historia):
        yield _operacao(servico, historia.ordem.pedido_id, efeito, historia.marca, ids)


def _operacao(
    servico: str, pedido_id: int | None, efeito: Sequence[Any], marca: Marca, ids: Contadores
) -> Linha:
    tabela = OPERACOES[servico]
    operacao, resultado, quando = efeito
    chamada = (marca.origem, marca.duracao_ms, marca.trace_id, quando)
    return tabela, (next(ids[tabela]), pedido_id, operacao, resultado, *chamada)


def _pedido(historia: Historia, impressao: str, ids: Contadores) -> Iterator[Linha]:
    ordem, nota, envio = historia.ordem, historia.nota, historia.envio
    # quem veio de um arquivo e não terminou é retomado por REST
    transporte = "rest" if historia.marca.origem == "arquivo" else historia.marca.origem
    yield (
        PEDIDO,
        (
            *(ordem.pedido_id, ordem.cliente.id, historia.criado_em, historia.status),
            *(historia.motivo, para_centavos(ordem.valor_total), ordem.metodo, None, transporte),
            *(None, impressao, None, envio.data_despacho if envio else None),
            historia.pagamento.status if historia.pagamento else "pendente",
            *((_numero(nota), nota.chave_acesso) if nota else (None, None)),
            *((envio.status, envio.codigo_rastreamento) if envio else (None, None)),
        ),
    )
    for item in ordem.itens:
        yield (
            ITEM_PEDIDO,
            (
                *(next(ids[ITEM_PEDIDO]), ordem.pedido_id, item.produto_id, item.nome),
                *(item.quantidade, para_centavos(item.preco_unitario)),
            ),
        )


def _passos(historia: Historia, impressao: str, ids: Contadores) -> Iterator[Linha]:
    """As linhas dos quatro passos da cadeia que o pedido chegou a dar."""
    pedido_id, centavos = historia.ordem.pedido_id, para_centavos(historia.ordem.valor_total)
    a_pedido = historia.motivo == "cancelado_a_pedido"
    desfeito = DESFEITO_A_PEDIDO if a_pedido else historia.motivo
    if pagamento := historia.pagamento:
        motivo = desfeito if pagamento.status == "estornado" else None
        quando: datetime | None = pagamento.data_processamento
        linha = (pagamento.status, pagamento.metodo, centavos, quando, motivo, impressao)
        yield PAGAMENTO, (pedido_id, *linha)
        for tipo, status, anotado_em in _lancamentos(pagamento, historia.encerrado_em):
            lancado = (tipo, status, centavos, impressao, anotado_em, 0)
            yield LANCAMENTO, (next(ids[LANCAMENTO]), pedido_id, *lancado)
    if separacao := historia.separacao:
        motivo = desfeito if separacao.status == "liberado" else None
        yield SEPARACAO, (pedido_id, separacao.status, historia.separado_em, motivo, impressao)
        for item in separacao.itens:
            linha_item = (pedido_id, item.produto_id, item.quantidade)
            yield ITEM_SEPARACAO, (next(ids[ITEM_SEPARACAO]), *linha_item)
    if nota := historia.nota:
        motivo = desfeito if nota.status == "cancelada" else None
        numero = (_numero(nota), nota.serie, nota.chave_acesso, centavos)
        yield NOTA, (pedido_id, *numero, nota.status, nota.data_emissao, motivo, impressao)
    if envio := historia.envio:
        despacho = (envio.codigo_rastreamento, envio.status, envio.data_despacho)
        yield ENVIO, (pedido_id, *despacho, impressao)


def _lancamentos(
    pagamento: LinhaPagamento, estornado_em: datetime | None
) -> Iterator[tuple[str, str, datetime | None]]:
    """O que a operadora anotou: (tipo, status, quando)."""
    status = "rejeitado" if pagamento.status == "rejeitado" else "aprovado"
    yield "cobranca", status, pagamento.data_processamento
    if pagamento.status == "estornado":
        yield "estorno", "aprovado", estornado_em


def _numero(nota: LinhaNota | None) -> int | None:
    """O número como o banco o guarda; nas mensagens ele é um texto."""
    return int(nota.numero) if nota and nota.numero else None
