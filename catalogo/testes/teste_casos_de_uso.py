"""Catálogo: a vitrine não depende do estoque, e os preços menos ainda."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from catalogo import casos_de_uso
from catalogo.casos_de_uso import (
    ProdutoNaVitrine,
    Vitrine,
    consultar_precos,
    consultar_produto,
    listar_produtos,
)
from catalogo.models import Produto
from ecommerce.erros import EntradaInvalida, Indisponivel, NaoEncontrado
from ecommerce.mensagens import Preco

pytestmark = pytest.mark.django_db(transaction=True)


class Estoque:
    """Um estoque que responde os saldos dados, ou não responde."""

    def __init__(self, saldos: dict[int, int] | None) -> None:
        self.valores, self.perguntas = saldos, 0

    def saldos(self) -> dict[int, int]:
        self.perguntas += 1
        if self.valores is None:
            raise Indisponivel("fora")
        return self.valores


@pytest.fixture(autouse=True)
def produtos(monkeypatch: pytest.MonkeyPatch) -> None:
    """Dados dois produtos, e um processo que ainda não perguntou nada ao estoque."""
    monkeypatch.setattr(casos_de_uso, "_consultado_em", float("-inf"))
    Produto.objects.create(id=1, nome="Caneca", preco=Decimal("12.90"))
    Produto.objects.create(id=2, nome="Livro", preco=Decimal("40.00"))


def passar_um_segundo(monkeypatch: pytest.MonkeyPatch) -> None:
    consultado = casos_de_uso._consultado_em
    monkeypatch.setattr(casos_de_uso, "_consultado_em", consultado - 1.01)


def teste_mostra_o_saldo_do_estoque() -> None:
    vitrine = listar_produtos(estoque=Estoque({1: 10}))
    caneca = ProdutoNaVitrine(1, "Caneca", 10, Decimal("12.90"))
    livro = ProdutoNaVitrine(2, "Livro", 0, Decimal("40.00"))
    assert vitrine == Vitrine((caneca, livro), None)


def teste_um_produto_so(monkeypatch: pytest.MonkeyPatch) -> None:
    livro = ProdutoNaVitrine(2, "Livro", 3, Decimal("40.00"))
    vitrine = consultar_produto(produto_id=2, estoque=Estoque({1: 10, 2: 3}))
    assert vitrine == Vitrine((livro,), None)
    # e sem o estoque, o último saldo e de quando é
    passar_um_segundo(monkeypatch)
    visto_em = Produto.objects.get(pk=2).estoque_em
    assert visto_em
    vitrine = consultar_produto(produto_id=2, estoque=Estoque(None))
    assert vitrine == Vitrine((livro,), visto_em)


def teste_quem_some_do_estoque_fica_sem_pecas(monkeypatch: pytest.MonkeyPatch) -> None:
    estoque = Estoque({1: 1})
    listar_produtos(estoque=estoque)
    passar_um_segundo(monkeypatch)
    estoque.valores = {}
    vitrine = listar_produtos(estoque=estoque)
    assert [produto.estoque for produto in vitrine.produtos] == [0, 0]


def teste_pergunta_no_maximo_uma_vez_por_segundo(monkeypatch: pytest.MonkeyPatch) -> None:
    estoque = Estoque({1: 10})
    for _ in range(3):
        listar_produtos(estoque=estoque)
    assert estoque.perguntas == 1
    estoque.valores = {1: 9}
    passar_um_segundo(monkeypatch)
    assert listar_produtos(estoque=estoque).produtos[0].estoque == 9


def teste_sem_estoque_mostra_o_ultimo_e_diz_de_quando(monkeypatch: pytest.MonkeyPatch) -> None:
    listar_produtos(estoque=Estoque({1: 10}))
    passar_um_segundo(monkeypatch)
    vitrine = listar_produtos(estoque=Estoque(None))
    assert vitrine.produtos[0].estoque == 10
    assert vitrine.estoque_em == Produto.objects.get(pk=1).estoque_em

    # também depois de o processo recomeçar
    monkeypatch.setattr(casos_de_uso, "_consultado_em", float("-inf"))
    assert listar_produtos(estoque=Estoque(None)).produtos[0].estoque == 10


def teste_sem_ter_visto_o_estoque_diz_que_nao_sabe() -> None:
    vitrine = listar_produtos(estoque=Estoque(None))
    assert vitrine.produtos[0].estoque == 0
    assert vitrine.estoque_em == datetime(1970, 1, 1, tzinfo=UTC)


def teste_precos_so_dos_que_existem() -> None:
    precos = consultar_precos(ids=[1, 99])
    assert precos == (Preco(1, "Caneca", Decimal("12.90")),)


@pytest.mark.parametrize("ids", [[], [0], [1, -1], [2**63], list(range(1, 102))])
def teste_precos_so_de_1_a_100_ids_que_podem_existir(ids: list[int]) -> None:
    with pytest.raises(EntradaInvalida, match="id"):
        consultar_precos(ids=ids)


def teste_produto_que_nao_existe() -> None:
    with pytest.raises(NaoEncontrado):
        consultar_produto(produto_id=99, estoque=Estoque({}))


def teste_so_grava_os_saldos_que_mudaram(monkeypatch: pytest.MonkeyPatch) -> None:
    estoque = Estoque({1: 10, 2: 5})
    listar_produtos(estoque=estoque)
    vistos = Produto.objects.order_by("id").values_list("estoque_em", flat=True)
    antes = list(vistos)
    estoque.valores = {1: 9, 2: 5}
    passar_um_segundo(monkeypatch)
    listar_produtos(estoque=estoque)
    mudou = [agora != antes for agora, antes in zip(vistos.all(), antes, strict=True)]
    assert mudou == [True, False]


def teste_um_produto_que_nunca_entrou_no_estoque_nao_se_grava() -> None:
    listar_produtos(estoque=Estoque({1: 10}))
    assert Produto.objects.get(pk=2).estoque_em is None
