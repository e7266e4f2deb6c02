"""Catálogo: a vitrine não depende do estoque, e os preços menos ainda."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.utils import timezone

from catalogo import casos_de_uso
from catalogo.casos_de_uso import (
    ProdutoNaVitrine,
    Visto,
    Vitrine,
    consultar_precos,
    consultar_produto,
    listar_produtos,
)
from catalogo.models import Produto
from ecommerce.banco import transacao
from ecommerce.contexto import iniciar
from ecommerce.erros import EntradaInvalida, Indisponivel, NaoEncontrado
from ecommerce.mensagens import Preco

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning"),
]


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
def produtos(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Dados dois produtos, e um processo que ainda não perguntou nada ao estoque."""
    recomecar(monkeypatch)
    Produto.objects.create(id=1, nome="Caneca", preco=Decimal("12.90"))
    Produto.objects.create(id=2, nome="Livro", preco=Decimal("40.00"))
    yield
    guardar()


def recomecar(monkeypatch: pytest.MonkeyPatch) -> None:
    """Outro processo, que só sabe o que está no banco."""
    guardar()
    monkeypatch.setattr(casos_de_uso, "_consultado_em", float("-inf"))
    monkeypatch.setattr(casos_de_uso, "_visto", Visto({}, datetime.fromtimestamp(0, UTC)))


def passar_um_segundo(monkeypatch: pytest.MonkeyPatch) -> None:
    guardar()
    consultado = casos_de_uso._consultado_em
    monkeypatch.setattr(casos_de_uso, "_consultado_em", consultado - 1.01)


def guardar() -> None:
    """Espera que se guarde o que se viu."""
    for thread in threading.enumerate():
        if thread.name == casos_de_uso._GUARDAR:
            thread.join(10)
            assert not thread.is_alive()


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
    guardar()
    assert Produto.objects.get(pk=1).estoque == 0


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
    recomecar(monkeypatch)
    assert listar_produtos(estoque=Estoque(None)).produtos[0].estoque == 10


def teste_sem_estoque_vale_o_mais_novo_do_que_se_viu_e_do_que_outro_guardou(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # dado o que este processo viu, e o que outro viu da caneca depois e guardou
    listar_produtos(estoque=Estoque({1: 10, 2: 5}))
    passar_um_segundo(monkeypatch)
    depois = casos_de_uso._visto.em + timedelta(seconds=5)
    Produto.objects.filter(pk=1).update(estoque=7, estoque_em=depois)
    # e o que ninguém conseguiu guardar do livro
    Produto.objects.filter(pk=2).update(estoque=0, estoque_em=None)
    vitrine = listar_produtos(estoque=Estoque(None))
    assert [produto.estoque for produto in vitrine.produtos] == [7, 5]
    assert vitrine.estoque_em == depois


def teste_o_que_se_acaba_de_ver_vale_mais_que_o_guardado_tenha_ele_a_hora_que_tiver() -> None:
    depois = timezone.now() + timedelta(hours=1)  # o relógio atrasou-se
    Produto.objects.update(estoque=7, estoque_em=depois)
    vitrine = listar_produtos(estoque=Estoque({1: 10, 2: 5}))
    assert [produto.estoque for produto in vitrine.produtos] == [10, 5]
    assert vitrine.estoque_em is None


def teste_uma_escrita_que_nao_acaba_nao_faz_ninguem_esperar(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    estoque = Estoque({1: 10})
    with casos_de_uso._guardando:  # dada uma escrita que não acaba
        inicio = time.monotonic()
        for pecas in range(5):
            estoque.valores = {1: pecas}
            assert listar_produtos(estoque=estoque).produtos[0].estoque == pecas
            passar_um_segundo(monkeypatch)
        assert time.monotonic() - inicio < 1
        assert Produto.objects.get(pk=1).estoque == 0
    # e, quando acaba, a próxima guarda o que se vê então
    listar_produtos(estoque=estoque)
    guardar()
    assert Produto.objects.get(pk=1).estoque == 4


def teste_o_que_nao_se_pode_guardar_agora_se_guarda_depois(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    iniciar("rest", prazo_ms=100)
    with transacao.vez_de_escrever("default"):  # dado um banco em que outro está gravando
        assert listar_produtos(estoque=Estoque({1: 10})).produtos[0].estoque == 10
        guardar()
    assert Produto.objects.get(pk=1).estoque == 0
    listar_produtos(estoque=Estoque({1: 10}))
    guardar()
    assert Produto.objects.get(pk=1).estoque == 10


def teste_so_se_guarda_o_que_mudou_e_quem_guarda_fecha_a_sua_conexao(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fecharam: list[str] = []
    monkeypatch.setattr(
        DatabaseWrapper, "close", lambda _: fecharam.append(threading.current_thread().name)
    )
    for _ in range(3):
        listar_produtos(estoque=Estoque({1: 10}))
        guardar()
    assert fecharam == [casos_de_uso._GUARDAR]


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
    guardar()
    vistos = Produto.objects.order_by("id").values_list("estoque_em", flat=True)
    antes = list(vistos)
    estoque.valores = {1: 9, 2: 5}
    passar_um_segundo(monkeypatch)
    listar_produtos(estoque=estoque)
    guardar()
    mudou = [agora != antes for agora, antes in zip(vistos.all(), antes, strict=True)]
    assert mudou == [True, False]


def teste_um_produto_que_nunca_entrou_no_estoque_nao_se_grava() -> None:
    listar_produtos(estoque=Estoque({1: 10}))
    guardar()
    assert Produto.objects.get(pk=2).estoque_em is None
