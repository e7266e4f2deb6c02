"""O que o catálogo faz: mostrar a vitrine e dizer preços."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from typing import Protocol

from django.db import connection
from django.utils import timezone

from catalogo.dominio import VALIDADE_DO_ESTOQUE_S
from catalogo.models import Produto
from ecommerce.acesso import Quem, abrir_a, pedir_permissao
from ecommerce.banco.sql import listar
from ecommerce.banco.transacao import transacao
from ecommerce.erros import EntradaInvalida, Indisponivel, NaoEncontrado, SemResposta
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


@dataclass(frozen=True)
class Visto:
    """Os saldos que este processo viu por último no estoque, e quando."""

    saldos: dict[int, int]
    em: datetime


_trava = threading.Lock()
_guardando = threading.Lock()
_GUARDAR = "guardar saldos"
_consultado_em = float("-inf")  # relógio monotônico
_respondeu = False
_visto = Visto({}, datetime.fromtimestamp(0, UTC))


def listar_produtos(*, estoque: Estoque) -> Vitrine:
    """Os produtos com o saldo de no máximo 1 s atrás, ou o último conhecido sem o estoque.

    Não espera por escrita alguma: o que se acabou de ver, outra thread guarda.
    """
    visto, respondeu = _atualizar_saldos(estoque)
    linhas = listar(Produto)
    if respondeu:
        _guardar_sem_esperar(visto, linhas)
        em, mais_novos = None, []
    else:  # o guardado pode ser mais novo: de antes deste processo, ou visto por outro
        em = max([visto.em, *(p.estoque_em or visto.em for p in linhas)])
        mais_novos = [p for p in linhas if (p.estoque_em or visto.em) > visto.em]
    saldos = visto.saldos | {p.pk: p.estoque for p in mais_novos}
    produtos = tuple(ProdutoNaVitrine(p.pk, p.nome, saldos.get(p.pk, 0), p.preco) for p in linhas)
    return Vitrine(produtos, em)


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


def _atualizar_saldos(estoque: Estoque) -> tuple[Visto, bool]:
    """O que se viu por último, e se o estoque respondeu: uma thread pergunta, uma vez por 1 s."""
    global _consultado_em, _respondeu, _visto  # noqa: PLW0603 - o que este processo viu por último
    with _trava:
        if time.monotonic() - _consultado_em < VALIDADE_DO_ESTOQUE_S:
            return _visto, _respondeu
        try:
            _visto = Visto(estoque.saldos(), timezone.now())
            _respondeu = True
        except SemResposta:
            _respondeu = False
        _consultado_em = time.monotonic()
        return _visto, _respondeu


def _guardar_sem_esperar(visto: Visto, linhas: list[Produto]) -> None:
    """Guarda os saldos que mudaram, para que sobrevivam a este processo; uma escrita por vez."""
    mudaram = [p for p in linhas if p.estoque != visto.saldos.get(p.pk, 0)]
    if mudaram:
        escrita = partial(copy_context().run, _guardar, visto, mudaram)
        threading.Thread(target=escrita, name=_GUARDAR).start()


def _guardar(visto: Visto, mudaram: list[Produto]) -> None:
    if not _guardando.acquire(blocking=False):
        return
    try:
        for produto in mudaram:
            produto.estoque, produto.estoque_em = visto.saldos.get(produto.pk, 0), visto.em
        with suppress(Indisponivel), transacao():  # não deu: quem olhar depois tenta outra vez
            Produto.objects.bulk_update(mudaram, ["estoque", "estoque_em"])
    finally:
        connection.close()
        _guardando.release()
