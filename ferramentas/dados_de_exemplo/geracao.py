"""Uma loja inventada a partir de uma semente: a mesma semente dá sempre os mesmos dados."""

from __future__ import annotations

import heapq
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from faker import Faker

from ecommerce.dinheiro import de_centavos
from ecommerce.mensagens import (
    Cliente,
    Item,
    ItemSeparado,
    LinhaEnvio,
    LinhaNota,
    LinhaPagamento,
    LinhaSeparacao,
    Ordem,
)
from ferramentas.dados_de_exemplo.historia import DadosDaLoja, Entrada, Historia, Marca, Produto
from fiscal.dominio import SERIE, chave_de_acesso, codigo_aceito
from logistica.dominio import codigo_rastreamento

# fixo, para que a mesma semente dê os mesmos dados em qualquer dia
REFERENCIA = datetime(2026, 11, 23, 12, tzinfo=UTC)
JANELA = timedelta(days=90)
MAXIMOS = {"clientes": 1_000_000, "produtos": 100_000, "pedidos": 10_000_000}

ARTIGOS = (
    *("Mochila", "Camiseta", "Caneca", "Luminária", "Fone de ouvido", "Teclado", "Garrafa"),
    *("Caderno", "Guarda-chuva", "Tênis", "Relógio", "Cadeira", "Almofada", "Carteira"),
)
PRECO_CENTAVOS = (1050, 50099)
ESTOQUE_INICIAL = (40, 120)
REPOSICAO = (100, 300)
DESTINOS = ("pagamento_rejeitado", "sem_estoque", "cancelado_a_pedido", "entregue")
PESOS = (5, 3, 5, 87)


@dataclass(frozen=True)
class Tamanhos:
    """Quantos clientes, produtos e pedidos inventar."""

    clientes: int = 50
    produtos: int = 30
    pedidos: int = 100


def gerar(semente: int, tamanhos: Tamanhos, ate: datetime = REFERENCIA) -> DadosDaLoja:
    """A loja com seus pedidos, todos terminados, espalhados pelos 90 dias antes de `ate`."""
    sorte = random.Random(semente)
    faker = Faker("pt_BR")
    faker.seed_instance(semente)
    produtos = [_produto(i, sorte, faker) for i in range(1, tamanhos.produtos + 1)]
    clientes = [_cliente(i, faker) for i in range(1, tamanhos.clientes + 1)]
    eventos = _Vendas(sorte, clientes, produtos, tamanhos.pedidos, ate).eventos()
    return DadosDaLoja(clientes, produtos, eventos, ate)


def _produto(produto_id: int, sorte: random.Random, faker: Faker) -> Produto:
    nome = f"{sorte.choice(ARTIGOS)} {faker.color_name().lower()}"
    return Produto(produto_id, nome, de_centavos(sorte.randint(*PRECO_CENTAVOS)))


def _cliente(cliente_id: int, faker: Faker) -> Cliente:
    # example.com é reservado (RFC 2606): nenhum e-mail sai para alguém de verdade
    email = f"{faker.user_name()[:30]}.{cliente_id}@example.com"
    return Cliente(cliente_id, faker.name()[:60], email)


class _Vendas:
    """O balcão da loja: quanto há de cada produto muda de um pedido para o outro."""

    def __init__(
        self,
        sorte: random.Random,
        clientes: list[Cliente],
        produtos: list[Produto],
        quantos: int,
        ate: datetime,
    ) -> None:
        self.sorte, self.clientes, self.produtos = sorte, clientes, produtos
        self.quantos, self.ate, self.inicio = quantos, ate, ate - JANELA
        self.disponivel = dict.fromkeys((p.id for p in produtos), 0)
        self.devolucoes: list[tuple[datetime, int, tuple[Item, ...]]] = []
        self.ultima_nota = 0

    def eventos(self) -> Iterator[Entrada | Historia]:
        for produto in self.produtos:
            yield self._entrada(produto.id, self.sorte.randint(*ESTOQUE_INICIAL), self.inicio)
        for posicao in range(self.quantos):
            yield from self._venda(posicao)

    def _venda(self, posicao: int) -> Iterator[Entrada | Historia]:
        """Um pedido e, antes dele, as entradas que o estoque precisou receber."""
        quando = self._instante(posicao)
        self._devolver_ate(quando)
        destino = self.sorte.choices(DESTINOS, PESOS)[0]
        itens = self._itens(falta=destino == "sem_estoque")
        if destino in ("cancelado_a_pedido", "entregue"):
            for item in itens:
                if self.disponivel[item.produto_id] < item.quantidade:
                    yield self._entrada(item.produto_id, self.sorte.randint(*REPOSICAO), quando)
                self.disponivel[item.produto_id] -= item.quantidade
        yield self._historia(posicao + 1, itens, destino, quando)

    def _instante(self, posicao: int) -> datetime:
        """Os pedidos se sucedem sem se cruzar: os números das notas seguem a ordem deles."""
        passo_ms = JANELA / timedelta(milliseconds=1) / self.quantos
        return self.inicio + timedelta(
            milliseconds=int((posicao + 0.9 * self.sorte.random()) * passo_ms)
        )

    def _devolver_ate(self, quando: datetime) -> None:
        """Volta à prateleira o que foi cancelado até agora."""
        while self.devolucoes and self.devolucoes[0][0] <= quando:
            for item in heapq.heappop(self.devolucoes)[2]:
                self.disponivel[item.produto_id] += item.quantidade

    def _entrada(self, produto_id: int, quantidade: int, quando: datetime) -> Entrada:
        self.disponivel[produto_id] += quantidade
        return Entrada(produto_id, quantidade, quando, self._marca())

    def _marca(self) -> Marca:
        trace_id = f"{self.sorte.getrandbits(128):032x}"
        origem = self.sorte.choice(("rest", "grpc"))
        return Marca(trace_id, origem, float(self.sorte.randint(3, 9)))

    def _itens(self, *, falta: bool) -> tuple[Item, ...]:
        """De um a cinco produtos; se é para faltar, do primeiro pede-se mais do que há."""
        quantos = self.sorte.randint(1, min(5, len(self.produtos)))
        itens: list[Item] = []
        for produto in self.sorte.sample(self.produtos, quantos):
            quantidade = self.sorte.randint(1, 3)
            if falta and not itens:
                quantidade += self.disponivel[produto.id]
            itens.append(Item(produto.id, produto.nome, quantidade, produto.preco))
        return tuple(itens)

    def _historia(
        self, pedido_id: int, itens: tuple[Item, ...], destino: str, criado_em: datetime
    ) -> Historia:
        marca = self._marca()
        ordem = self._ordem(pedido_id, itens, destino)
        recusas = {"pagamento_rejeitado": _rejeitado, "sem_estoque": _sem_estoque}
        if destino in recusas:
            return recusas[destino](ordem, marca, criado_em)
        fim = criado_em + self._demora(destino)
        if fim > self.ate:
            destino = "enviado"
        elif destino == "cancelado_a_pedido":
            heapq.heappush(self.devolucoes, (fim, pedido_id, itens))
        passo = timedelta(milliseconds=marca.duracao_ms)
        nota = self._nota(ordem, criado_em + 3 * passo, destino)
        ainda_nao = destino == "enviado"
        return _enviado(ordem, marca, criado_em, nota, fim=None if ainda_nao else fim)

    def _ordem(self, pedido_id: int, itens: tuple[Item, ...], destino: str) -> Ordem:
        """A operadora simulada só recusa cartão: é com ele que vai quem será recusado."""
        metodo = self.sorte.choice(("pix", "boleto", "cartao_credito"))
        if destino == "pagamento_rejeitado":
            metodo = "cartao_credito"
        token = "tok_recusado" if destino == "pagamento_rejeitado" else "tok_aprovado"
        total = sum((i.preco_unitario * i.quantidade for i in itens), Decimal(0))
        cliente = self.sorte.choice(self.clientes)
        cartao = token if metodo == "cartao_credito" else None
        return Ordem(pedido_id, cliente, metodo, cartao, total, itens)

    def _demora(self, destino: str) -> timedelta:
        """Entrega em 2 a 8 dias; quem desiste, desiste de 10 minutos a um dia depois."""
        if destino == "entregue":
            return timedelta(seconds=self.sorte.randint(2 * 86_400, 8 * 86_400))
        return timedelta(seconds=self.sorte.randint(600, 86_400))

    def _nota(self, ordem: Ordem, emitida_em: datetime, destino: str) -> LinhaNota:
        self.ultima_nota += 1
        codigo = codigo_aceito(self.sorte.randrange(10**8), self.ultima_nota)
        chave = chave_de_acesso(
            serie=SERIE, numero=self.ultima_nota, emitida_em=emitida_em, codigo=codigo
        )
        status = "cancelada" if destino == "cancelado_a_pedido" else "emitida"
        return LinhaNota(
            *(ordem.pedido_id, str(self.ultima_nota), SERIE, chave),
            *(ordem.valor_total, status, emitida_em),
        )


def _rejeitado(ordem: Ordem, marca: Marca, criado_em: datetime) -> Historia:
    passo = timedelta(milliseconds=marca.duracao_ms)
    return Historia(
        *(ordem, marca, criado_em, "cancelado", "pagamento_rejeitado"),
        pagamento=_pagamento(ordem, "rejeitado", criado_em + passo),
        encerrado_em=criado_em + 2 * passo,
    )


def _sem_estoque(ordem: Ordem, marca: Marca, criado_em: datetime) -> Historia:
    passo = timedelta(milliseconds=marca.duracao_ms)
    return Historia(
        *(ordem, marca, criado_em, "cancelado", "sem_estoque"),
        pagamento=_pagamento(ordem, "estornado", criado_em + passo),
        separacao=_separacao(ordem, "recusado"),
        separado_em=criado_em + 2 * passo,
        encerrado_em=criado_em + 3 * passo,
    )


def _enviado(
    ordem: Ordem, marca: Marca, criado_em: datetime, nota: LinhaNota, *, fim: datetime | None
) -> Historia:
    """A cadeia inteira; depois dela, `fim` é a entrega ou o cancelamento, se já houve."""
    passo = timedelta(milliseconds=marca.duracao_ms)
    cancelado = nota.status == "cancelada"
    envio = "cancelado" if cancelado else "entregue" if fim else "aguardando_envio"
    pagamento, separacao = ("estornado", "liberado") if cancelado else ("aprovado", "separado")
    codigo = codigo_rastreamento(ordem.pedido_id)
    return Historia(
        *(ordem, marca, criado_em),
        status="enviado" if envio == "aguardando_envio" else envio,
        motivo="cancelado_a_pedido" if cancelado else None,
        pagamento=_pagamento(ordem, pagamento, criado_em + passo),
        separacao=_separacao(ordem, separacao),
        separado_em=criado_em + 2 * passo,
        nota=nota,
        envio=LinhaEnvio(ordem.pedido_id, codigo, envio, criado_em + 4 * passo),
        encerrado_em=fim,
    )


def _pagamento(ordem: Ordem, status: str, quando: datetime) -> LinhaPagamento:
    return LinhaPagamento(ordem.pedido_id, status, ordem.metodo, ordem.valor_total, quando)


def _separacao(ordem: Ordem, status: str) -> LinhaSeparacao:
    itens = tuple(ItemSeparado(i.produto_id, i.quantidade) for i in ordem.itens)
    return LinhaSeparacao(ordem.pedido_id, status, itens)
