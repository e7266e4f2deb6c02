"""A Idempotency-Key de uma entrada: repetida, a resposta é a mesma e as peças entram uma vez só."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from ecommerce.banco import transacao
from ecommerce.erros import EntradaInvalida, Recusado
from ecommerce.operacoes.models import Operacao
from estoque.casos_de_uso import CHAVES_ESQUECIDAS_POR_VEZ, LinhaSaldo, registrar_entrada
from estoque.dominio import CHAVES_VALEM
from estoque.models import EntradaComChave, Saldo
from testes.apoio.exemplos import commits, transacoes

pytestmark = pytest.mark.django_db(transaction=True)


def dar(quantidade: int = 5, produto_id: int = 1, chave: str | None = "k") -> LinhaSaldo:
    return registrar_entrada(produto_id=produto_id, quantidade=quantidade, chave=chave)


def envelhecer(idade: timedelta) -> None:
    EntradaComChave.objects.update(criada_em=timezone.now() - idade)


def chaves() -> set[str]:
    return set(EntradaComChave.objects.values_list("chave", flat=True))


def teste_repetida_responde_o_mesmo_e_nada_se_soma() -> None:
    primeira = dar()
    Saldo.objects.filter(pk=1).update(disponivel=3, separado=2)
    dar(chave="outra")
    assert primeira == dar() == LinhaSaldo(1, 5, 0, 5)
    assert Saldo.objects.get().entradas == 10
    assert Operacao.objects.count() == 2


@pytest.mark.parametrize("outra", [{"quantidade": 6}, {"produto_id": 2}])
def teste_a_chave_e_de_uma_entrada_so(outra: dict[str, Any]) -> None:
    dar()
    with pytest.raises(Recusado) as recusa:
        dar(**outra)
    assert (recusa.value.codigo, recusa.value.pedido_id) == ("chave_reutilizada", None)
    assert list(Saldo.objects.values_list("produto_id", "entradas")) == [(1, 5)]


def teste_sem_chave_cada_entrada_soma_e_nada_se_guarda() -> None:
    assert [dar(chave=None).entradas for _ in range(2)] == [5, 10]
    assert chaves() == set()


@pytest.mark.parametrize("chave", ["", "x" * 256, "é", "a\tb"])
def teste_uma_chave_torta_e_recusada(chave: str) -> None:
    with pytest.raises(EntradaInvalida) as recusa:
        dar(chave=chave)
    assert list(recusa.value.erros) == ["Idempotency-Key"]
    assert not Saldo.objects.exists()


def teste_o_que_foi_recusado_nao_gasta_a_chave() -> None:
    with pytest.raises(EntradaInvalida):
        dar(quantidade=0)
    assert dar() == LinhaSaldo(1, 5, 0, 5)


@pytest.mark.parametrize("quantidade", [5, 6])
def teste_outra_com_a_mesma_chave_no_meio_e_que_vale(
    quantidade: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # dado que, entre procurar a chave e gravar, a outra chega ao fim
    respostas: list[LinhaSaldo] = []

    def no_meio() -> float:
        monkeypatch.undo()
        respostas.append(dar())
        return 1.0

    monkeypatch.setattr(transacao, "_espera", no_meio)

    # então as peças entram uma vez só
    if quantidade == 5:
        assert dar() == respostas[0]
    else:
        with pytest.raises(Recusado) as recusa:
            dar(quantidade)
        assert recusa.value.codigo == "chave_reutilizada"
    assert Saldo.objects.get().entradas == 5
    assert Operacao.objects.count() == 1


def teste_um_commit_por_entrada_e_nenhum_ao_repetir() -> None:
    assert commits(dar) == 1
    assert transacoes(dar) == 0


def teste_uma_chave_vale_24_horas_e_depois_se_esquece() -> None:
    dar()
    envelhecer(CHAVES_VALEM - timedelta(minutes=1))
    dar(chave="outra")
    assert chaves() == {"k", "outra"}
    envelhecer(CHAVES_VALEM + timedelta(minutes=1))
    dar(chave="mais uma")
    assert chaves() == {"mais uma"}
    assert dar().entradas == 20


def teste_as_chaves_antigas_se_esquecem_aos_poucos() -> None:
    for n in range(CHAVES_ESQUECIDAS_POR_VEZ + 5):
        dar(chave=str(n))
    envelhecer(2 * CHAVES_VALEM)
    dar(chave="nova")
    assert len(chaves()) == 5 + 1
