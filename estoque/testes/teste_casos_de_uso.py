"""Estoque: tudo ou nada, nunca além do que há, e a liberação como compensação."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from ecommerce.erros import Conflito, EntradaInvalida, Indisponivel, NaoEncontrado, Recusado
from ecommerce.mensagens import Item, ItemSeparado, LinhaSeparacao
from ecommerce.operacoes.models import Operacao
from estoque.casos_de_uso import (
    LinhaSaldo,
    consultar_estoque,
    consultar_saldos,
    consultar_separacao,
    liberar_estoque,
    registrar_entrada,
    separar_estoque,
)
from estoque.dominio import ENTRADA_MAXIMA, SALDO_MAXIMO
from estoque.models import Saldo, Separacao
from testes.apoio.exemplos import Elo, commits, transacoes, um_andamento, uma_ordem

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def pecas() -> None:
    """Dadas cinco peças do produto 1 e uma do 2."""
    Saldo.objects.create(produto_id=1, disponivel=5, entradas=5)
    Saldo.objects.create(produto_id=2, disponivel=1, entradas=1)


def saldo(produto_id: int) -> tuple[int, int]:
    linha = consultar_estoque(produto_id=produto_id)
    return linha.disponivel, linha.separado


def operacoes(pedido_id: int | None) -> list[tuple[str, str]]:
    do_pedido = Operacao.objects.filter(pedido_id=pedido_id).order_by("id")
    return list(do_pedido.values_list("operacao", "resultado"))


def teste_separa_tudo_e_segue() -> None:
    fiscal = Elo()
    andamento = separar_estoque(ordem=uma_ordem(), fiscal=fiscal)
    separacao = consultar_separacao(pedido_id=1)
    assert separacao.status == "separado"
    assert andamento == replace(um_andamento(), separacao=separacao)
    assert (saldo(1), saldo(2)) == ((3, 2), (0, 1))
    assert fiscal.ouviu == [("fazer", 1)]
    assert operacoes(1) == [("separar_estoque", "separado")]


def teste_responde_o_que_separou_e_nao_o_que_ouviu_de_baixo() -> None:
    ordem = uma_ordem(itens=(Item(1, "Caneca", 1, Decimal("35.00")),))
    separacao = separar_estoque(ordem=ordem, fiscal=Elo()).separacao
    assert separacao == LinhaSeparacao(1, "separado", (ItemSeparado(1, 1),))


def teste_repetido_nao_separa_de_novo() -> None:
    for _ in range(2):
        separar_estoque(ordem=uma_ordem(), fiscal=Elo())
    assert saldo(1) == (3, 2)
    assert Operacao.objects.count() == 1


def teste_em_falta_de_um_item_nada_se_separa_e_a_recusa_fica() -> None:
    separar_estoque(ordem=uma_ordem(1), fiscal=Elo())
    for _ in range(2):
        with pytest.raises(Recusado) as recusa:
            separar_estoque(ordem=uma_ordem(2), fiscal=Elo())
        assert (recusa.value.codigo, recusa.value.pedido_id) == ("sem_estoque", 2)
        assert recusa.value.situacao == "recusado"
    assert (saldo(1), saldo(2)) == ((3, 2), (0, 1))
    assert consultar_separacao(pedido_id=2).status == "recusado"
    assert operacoes(2) == [("separar_estoque", "recusado")]

    # quando chegam peças a recusa não muda: o pedido já foi respondido
    registrar_entrada(produto_id=2, quantidade=5)
    with pytest.raises(Recusado):
        separar_estoque(ordem=uma_ordem(2), fiscal=Elo())


def teste_recusa_de_baixo_libera_as_pecas() -> None:
    with pytest.raises(Recusado):
        separar_estoque(
            ordem=uma_ordem(), fiscal=Elo(ao_fazer=Recusado("não", codigo="entrada_invalida"))
        )
    assert (saldo(1), saldo(2)) == ((5, 0), (1, 0))
    assert consultar_separacao(pedido_id=1).status == "liberado"
    with pytest.raises(Recusado) as recusa:
        separar_estoque(ordem=uma_ordem(), fiscal=Elo())
    assert recusa.value.codigo == "entrada_invalida"


def teste_sem_resposta_de_baixo_as_pecas_ficam_separadas() -> None:
    with pytest.raises(Indisponivel) as falta:
        separar_estoque(ordem=uma_ordem(), fiscal=Elo(ao_fazer=Indisponivel("fora")))
    assert falta.value.alcancado == "em_separacao"
    assert saldo(1) == (3, 2)


def teste_outro_conteudo_e_conflito() -> None:
    separar_estoque(ordem=uma_ordem(), fiscal=Elo())
    with pytest.raises(Conflito):
        separar_estoque(ordem=uma_ordem(metodo="boleto"), fiscal=Elo())


def teste_liberar_devolve_uma_vez_so_e_depois_do_fiscal() -> None:
    separar_estoque(ordem=uma_ordem(), fiscal=Elo())
    with pytest.raises(Indisponivel):
        liberar_estoque(pedido_id=1, fiscal=Elo(ao_desfazer=Indisponivel("fora")))
    assert saldo(1) == (3, 2)
    for _ in range(2):
        assert liberar_estoque(pedido_id=1, fiscal=Elo()).status == "liberado"
    assert (saldo(1), saldo(2)) == ((5, 0), (1, 0))
    assert operacoes(1) == [("separar_estoque", "separado"), ("liberar_estoque", "liberado")]


def teste_liberar_um_recusado_nao_inventa_pecas() -> None:
    separar_estoque(ordem=uma_ordem(1), fiscal=Elo())
    with pytest.raises(Recusado):
        separar_estoque(ordem=uma_ordem(2), fiscal=Elo())
    assert liberar_estoque(pedido_id=2, fiscal=Elo()).status == "recusado"
    assert (saldo(1), saldo(2)) == ((3, 2), (0, 1))


def teste_lapide_recusa_o_que_chega_depois() -> None:
    fiscal = Elo()
    lapide = liberar_estoque(pedido_id=9, fiscal=fiscal)
    assert (lapide.status, lapide.itens) == ("liberado", ())
    assert Separacao.objects.get(pk=9).motivo == "pedido_cancelado"
    with pytest.raises(Recusado) as recusa:
        separar_estoque(ordem=uma_ordem(9), fiscal=fiscal)
    assert (recusa.value.codigo, recusa.value.pedido_id) == ("pedido_cancelado", 9)
    assert recusa.value.situacao == "liberado"
    assert fiscal.ouviu == [("desfazer", 9)]
    assert saldo(1) == (5, 0)


def teste_liberada_sem_motivo_anotado_responde_que_o_pedido_foi_cancelado() -> None:
    Separacao.objects.create(pedido_id=1, status="liberado")
    with pytest.raises(Recusado) as recusa:
        separar_estoque(ordem=uma_ordem(), fiscal=Elo())
    assert recusa.value.codigo == "pedido_cancelado"


def teste_pedido_sem_separacao() -> None:
    with pytest.raises(NaoEncontrado) as falta:
        consultar_separacao(pedido_id=5)
    assert falta.value.pedido_id == 5


def teste_saldos_de_alguns_ou_de_todos() -> None:
    um, dois = LinhaSaldo(1, 5, 0, 5), LinhaSaldo(2, 1, 0, 1)
    assert consultar_saldos(ids=[2, 404]) == [dois]
    assert sorted(consultar_saldos(), key=lambda linha: linha.produto_id) == [um, dois]


@pytest.mark.parametrize(
    ("ids", "campo"), [([1, 0], "produto_id[1]"), (list(range(1, 102)), "produto_id")]
)
def teste_so_se_pergunta_por_ate_cem_produtos(ids: list[int], campo: str) -> None:
    with pytest.raises(EntradaInvalida) as recusa:
        consultar_saldos(ids=ids)
    assert list(recusa.value.erros) == [campo]
    assert consultar_saldos(ids=list(range(1, 101))) == [
        LinhaSaldo(2, 1, 0, 1),
        LinhaSaldo(1, 5, 0, 5),
    ]


@pytest.mark.parametrize("produto_id", [0, -5])
def teste_entrada_de_um_produto_que_nao_pode_existir(produto_id: int) -> None:
    with pytest.raises(EntradaInvalida) as recusa:
        registrar_entrada(produto_id=produto_id, quantidade=1)
    assert recusa.value.erros == {"produto_id": ["Deve ser um inteiro positivo."]}
    assert not Saldo.objects.filter(pk=produto_id).exists()


def teste_entrada_soma_e_a_primeira_cria_o_saldo() -> None:
    assert registrar_entrada(produto_id=1, quantidade=50) == LinhaSaldo(1, 55, 0, 55)
    assert registrar_entrada(produto_id=77, quantidade=3) == LinhaSaldo(77, 3, 0, 3)
    assert operacoes(None) == [("registrar_entrada", "registrada")] * 2


def teste_a_maior_entrada_cabe() -> None:
    assert registrar_entrada(produto_id=77, quantidade=ENTRADA_MAXIMA).entradas == ENTRADA_MAXIMA


@pytest.mark.parametrize("quantidade", [0, -1, ENTRADA_MAXIMA + 1])
def teste_entrada_fora_dos_limites_e_recusada(quantidade: int) -> None:
    with pytest.raises(EntradaInvalida) as erro:
        registrar_entrada(produto_id=1, quantidade=quantidade)
    assert erro.value.erros == {"quantidade": ["Deve ser de 1 a 1000000."]}
    assert saldo(1) == (5, 0)


def teste_entrada_nao_passa_do_que_a_mensagem_comporta() -> None:
    Saldo.objects.filter(pk=1).update(disponivel=SALDO_MAXIMO, entradas=SALDO_MAXIMO)
    with pytest.raises(EntradaInvalida) as erro:
        registrar_entrada(produto_id=1, quantidade=1)
    assert list(erro.value.erros) == ["quantidade"]


def teste_um_commit_por_passo_e_nenhum_ao_repetir() -> None:
    assert commits(lambda: separar_estoque(ordem=uma_ordem(), fiscal=Elo())) == 1
    assert transacoes(lambda: separar_estoque(ordem=uma_ordem(), fiscal=Elo())) == 0


def teste_liberar_com_a_impressao_de_outra_ordem_nao_toca_na_separacao() -> None:
    antiga, fiscal = (
        separar_estoque(ordem=uma_ordem(metodo="boleto"), fiscal=Elo()).separacao,
        Elo(),
    )
    saldo = consultar_estoque(produto_id=1)
    impressao = uma_ordem().impressao
    resposta = liberar_estoque(pedido_id=1, impressao=impressao, fiscal=fiscal)
    assert (resposta.status, resposta.itens) == ("liberado", ())
    assert consultar_separacao(pedido_id=1) == antiga
    assert consultar_estoque(produto_id=1) == saldo
    assert fiscal.impressao == impressao
