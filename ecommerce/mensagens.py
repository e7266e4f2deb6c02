"""As mensagens que descem a cadeia do checkout e as linhas que sobem, iguais em todo transporte."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from ecommerce.erros import EntradaInvalida
from ecommerce.textos import (
    normalizar,
    validar_email_da_nota,
    validar_nome,
    validar_produto,
    validar_token,
)

METODOS = ("pix", "boleto", "cartao_credito")
ITENS_MAXIMO = 100
QUANTIDADE_MAXIMA = 1000
ID_MAXIMO = 2**63 - 1
PEDIDO_MAXIMO = 26 * 10**8 - 1  # dali em diante não há código de rastreamento
VALOR_MAXIMO = Decimal("9999999999.99")
IMPRESSAO = re.compile("^[0-9a-f]{64}$")


@dataclass(frozen=True)
class Cliente:
    """Quem compra, como a nota o identifica."""

    id: int
    nome: str
    email: str

    def __post_init__(self) -> None:
        normalizar(self, "nome", "email")


@dataclass(frozen=True)
class Item:
    """Um produto do pedido, com o preço (reais) que o catálogo tinha na hora da compra."""

    produto_id: int
    nome: str
    quantidade: int
    preco_unitario: Decimal

    def __post_init__(self) -> None:
        normalizar(self, "nome")


@dataclass(frozen=True)
class Ordem:
    """O corpo comum aos quatro passos da cadeia; cada um passa adiante o que recebeu.

    Levanta EntradaInvalida se algum passo a recusaria: ids, textos, itens, cartão, total (reais).
    """

    pedido_id: int
    cliente: Cliente
    metodo: str
    token_cartao: str | None
    valor_total: Decimal
    itens: tuple[Item, ...]

    def __post_init__(self) -> None:
        normalizar(self, "token_cartao")
        erros = validar_itens([(item.produto_id, item.quantidade) for item in self.itens])
        erros |= validar_pagamento(self.metodo, self.token_cartao, "token_cartao")
        erros |= validar_id(self.pedido_id, "pedido_id", PEDIDO_MAXIMO)
        erros |= validar_id(self.cliente.id, "cliente.id")
        erros |= validar_nome(self.cliente.nome, "cliente.nome")
        erros |= validar_email_da_nota(self.cliente.email, "cliente.email")
        for posicao, item in enumerate(self.itens):
            erros |= validar_produto(item.nome, f"itens[{posicao}].nome")
            if not 0 < item.preco_unitario <= VALOR_MAXIMO:
                erros[f"itens[{posicao}].preco_unitario"] = [f"Deve ser de 0.01 a {VALOR_MAXIMO}."]
        if self.valor_total > VALOR_MAXIMO:
            erros["valor_total"] = [f"Deve ser de 0.01 a {VALOR_MAXIMO}."]
        elif self.valor_total != sum(i.preco_unitario * i.quantidade for i in self.itens):
            erros["valor_total"] = ["Não é a soma de preço × quantidade dos itens."]
        if erros:
            raise EntradaInvalida(erros)

    @property
    def impressao(self) -> str:
        """A impressão digital desta ordem, que a distingue de outra com o mesmo número."""
        return impressao_da_ordem(
            pedido_id=self.pedido_id,
            cliente_id=self.cliente.id,
            metodo=self.metodo,
            token_cartao=self.token_cartao,
            valor_total=self.valor_total,
            itens=self.itens,
        )


def impressao_da_ordem(
    *,
    pedido_id: int,
    cliente_id: int,
    metodo: str,
    token_cartao: str | None,
    valor_total: Decimal,
    itens: tuple[Item, ...],
) -> str:
    """SHA-256 (hexadecimal) do que não pode mudar quando o mesmo pedido chega outra vez.

    Nome e e-mail ficam de fora: a pessoa pode corrigi-los entre uma tentativa e outra.
    """
    comprados = [(i.produto_id, i.nome, i.quantidade, str(i.preco_unitario)) for i in itens]
    return impressao_digital(pedido_id, cliente_id, metodo, token_cartao, valor_total, *comprados)


def impressao_digital(*partes: object) -> str:
    """SHA-256 (hexadecimal) das partes, na ordem dada."""
    return hashlib.sha256("\x1f".join(map(str, partes)).encode()).hexdigest()


def exigir_impressao(impressao: str | None) -> str | None:
    """A impressão digital que acompanha um desfazer. Levanta EntradaInvalida se não é uma."""
    if impressao is not None and not IMPRESSAO.fullmatch(impressao):
        raise EntradaInvalida({"impressao": ["Deve ser um SHA-256 em hexadecimal minúsculo."]})
    return impressao


def validar_id(valor: int, campo: str, maximo: int = ID_MAXIMO) -> dict[str, list[str]]:
    """Erros, por caminho do campo, de um id."""
    return {} if 1 <= valor <= maximo else {campo: [f"Deve ser de 1 a {maximo}."]}


def validar_ids(ids: Collection[int], campo: str) -> dict[str, list[str]]:
    """Erros, por caminho do campo, dos ids de uma consulta."""
    if not 1 <= len(ids) <= ITENS_MAXIMO:
        return {campo: [f"Devem ser de 1 a {ITENS_MAXIMO} ids."]}
    return {c: e for n, i in enumerate(ids) for c, e in validar_id(i, f"{campo}[{n}]").items()}


def validar_itens(itens: list[tuple[int, int]]) -> dict[str, list[str]]:
    """Erros, por caminho do campo, de uma lista de (produto_id, quantidade)."""
    erros: dict[str, list[str]] = {}
    if not 1 <= len(itens) <= ITENS_MAXIMO:
        erros["itens"] = [f"Devem ser de 1 a {ITENS_MAXIMO} itens."]
    vistos: set[int] = set()
    for posicao, (produto_id, quantidade) in enumerate(itens):
        erros |= validar_id(produto_id, f"itens[{posicao}].produto_id")
        if produto_id in vistos:
            erros[f"itens[{posicao}].produto_id"] = ["Produto repetido no pedido."]
        if not 1 <= quantidade <= QUANTIDADE_MAXIMA:
            erros[f"itens[{posicao}].quantidade"] = [f"Deve ser de 1 a {QUANTIDADE_MAXIMA}."]
        vistos.add(produto_id)
    return erros


def validar_pagamento(metodo: str, token: str | None, campo_token: str) -> dict[str, list[str]]:
    """Erros, por caminho do campo, do método e do token do cartão."""
    if metodo not in METODOS:
        return {"metodo": [f"Deve ser um de: {', '.join(METODOS)}."]}
    if token is not None and metodo != "cartao_credito":
        return {campo_token: ["Só acompanha o método cartao_credito."]}
    return {} if token is None else validar_token(token, campo_token)


@dataclass(frozen=True)
class Preco:
    """Nome e preço (reais) de um produto, como o catálogo os tem agora."""

    id: int
    nome: str
    preco: Decimal


@dataclass(frozen=True)
class LinhaPagamento:
    """O pagamento de um pedido; nulos quando só há a lápide de um pedido nunca visto."""

    pedido_id: int
    status: str
    metodo: str | None
    valor: Decimal | None
    data_processamento: datetime | None


@dataclass(frozen=True)
class ItemSeparado:
    """Quantas peças de um produto foram separadas."""

    produto_id: int
    quantidade: int


@dataclass(frozen=True)
class LinhaSeparacao:
    """A separação de um pedido no estoque."""

    pedido_id: int
    status: str
    itens: tuple[ItemSeparado, ...]


@dataclass(frozen=True)
class LinhaNota:
    """A nota fiscal de um pedido; nulos na lápide."""

    pedido_id: int
    numero: str | None
    serie: int | None
    chave_acesso: str | None
    valor: Decimal | None
    status: str
    data_emissao: datetime | None


@dataclass(frozen=True)
class LinhaEnvio:
    """O envio de um pedido; nulos na lápide."""

    pedido_id: int
    codigo_rastreamento: str | None
    status: str
    data_despacho: datetime | None


@dataclass(frozen=True)
class Andamento:
    """O que a cadeia fez, de um passo até o fim: a linha de cada serviço dali para baixo."""

    envio: LinhaEnvio
    nota: LinhaNota | None = None
    separacao: LinhaSeparacao | None = None
    pagamento: LinhaPagamento | None = None
