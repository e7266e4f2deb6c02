"""O que o catálogo faz: mostrar a vitrine e dizer preços."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Protocol

from django.utils import timezone

from catalogo.dominio import VALIDADE_DO_ESTOQUE_S
from catalogo.models import Produto
from ecommerce.acesso import Quem, abrir_a, pedir_permissao
from ecommerce.banco.sql import listar
from ecommerce.banco.transacao import transacao
from ecommerce.erros import EntradaInvalida, NaoEncontrado, SemResposta
from ecommerce.mensagens import Preco, validar_ids


class Estoque(Protocol):
    """O serviço de estoque, por qualquer transporte."""

    def saldos(self) -> dict[int, int]: ...


@dataclass(frozen=True)
class ProdutoNaVitrine:
    """Um produto à venda; `estoque` são as peças disponíveis que se conhecem."""

    id: int
    nome: str
    estoque: int
    preco: Decimal


@dataclass(frozen=True)
class Vitrine:
    """Os produtos; `estoque_em` é de quando são os saldos, se o estoque não respondeu agora."""

    produtos: tuple[ProdutoNaVitrine, ...]
    estoque_em: datetime | None


_trava = threading.Lock()
_consultado_em = float("-inf")  # relógio monotônico
_respondeu = False


def listar_produtos(*, estoque: Estoque) -> Vitrine:
    """Os produtos com o saldo de no máximo 1 s atrás, ou o último conhecido sem o estoque."""
    _atualizar_saldos(estoque)
    linhas = listar(Produto)
    produtos = tuple(ProdutoNaVitrine(p.pk, p.nome, p.estoque, p.preco) for p in linhas)
    vistos = [p.estoque_em for p in linhas if p.estoque_em]
    desconhecido = datetime.fromtimestamp(0, UTC)
    return Vitrine(produtos, None if _respondeu else max(vistos, default=desconhecido))


def consultar_produto(*, produto_id: int, estoque: Estoque) -> Vitrine:
    """A vitrine de um produto só. Levanta NaoEncontrado."""
    vitrine = listar_produtos(estoque=estoque)
    achados = tuple(produto for produto in vitrine.produtos if produto.id == produto_id)
    if not achados:
        raise NaoEncontrado(f"O produto {produto_id} não existe.")
    return Vitrine(achados, vitrine.estoque_em)


def consultar_precos(*, ids: Collection[int]) -> tuple[Preco, ...]:
    """Nome e preço dos produtos que existem entre os pedidos; não depende do estoque.

    Levanta EntradaInvalida se não são de 1 a 100 ids.
    """
    if erros := validar_ids(ids, "id"):
        raise EntradaInvalida(erros)
    linhas = listar(Produto, id=tuple(ids))
    return tuple(Preco(p.pk, p.nome, p.preco) for p in linhas)


abrir_a(Quem.TODOS, listar_produtos, consultar_produto)
pedir_permissao("catalogo.view_produto", consultar_precos)


def _atualizar_saldos(estoque: Estoque) -> None:
    """Pergunta ao estoque, uma thread por vez, se o que se sabe tem mais de 1 s."""
    global _consultado_em, _respondeu  # noqa: PLW0603 - o que este processo viu por último
    with _trava:
        if time.monotonic() - _consultado_em < VALIDADE_DO_ESTOQUE_S:
            return
        try:
            _guardar(estoque.saldos())
            _respondeu = True
        except SemResposta:
            _respondeu = False
        _consultado_em = time.monotonic()


def _guardar(saldos: dict[int, int]) -> None:
    """Guarda os saldos que mudaram, para que sobrevivam a este processo."""
    mudaram = [p for p in Produto.objects.all() if p.estoque != saldos.get(p.pk, 0)]
    if not mudaram:
        return
    agora = timezone.now()
    for produto in mudaram:
        produto.estoque, produto.estoque_em = saldos.get(produto.pk, 0), agora
    with transacao():
        Produto.objects.bulk_update(mudaram, ["estoque", "estoque_em"])
