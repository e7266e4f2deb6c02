"""Catálogo: a vitrine não depende do estoque, e os preços menos ainda."""

from __future__ import annotations

from decimal import Decimal

import pytest

from catalogo import casos_de_uso
from catalogo.casos_de_uso import consultar_precos, consultar_produto, listar_produtos
from catalogo.models import Produto
from ecommerce.erros import Indisponivel, NaoEncontrado

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
    assert [(p.id, p.estoque) for p in vitrine.produtos] == [(1, 10), (2, 0)]
    assert vitrine.estoque_em is None


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
    assert vitrine.estoque_em and vitrine.estoque_em.year == 1970


def teste_precos_so_dos_que_existem() -> None:
    precos = consultar_precos(ids=[1, 99])
    assert [(p.id, p.preco) for p in precos] == [(1, Decimal("12.90"))]


def teste_precos_de_ninguem() -> None:
    assert consultar_precos(ids=[]) == ()


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
