"""A operadora: o que anota, e as corridas entre ela, quem cobra e quem estorna."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError
from django.utils import timezone

from ecommerce.banco.sql import atualizar, listar
from ecommerce.banco.transacao import transacao, vez_de_escrever
from ecommerce.contexto import iniciar
from ecommerce.erros import Conflito, Indisponivel, PrazoEsgotado, Recusado
from ecommerce.mensagens import Ordem
from pagamentos import casos_de_uso
from pagamentos.casos_de_uso import consultar_pagamento, estornar_pagamento, processar_pagamento
from pagamentos.models import Pagamento
from pagamentos.operadora import casos_de_uso as operadora
from pagamentos.operadora.models import Lancamento
from testes.apoio.exemplos import Elo, uma_ordem

pytestmark = pytest.mark.django_db(transaction=True, databases="__all__")

COBRADO = ("cobranca", "aprovado", Decimal("35.00"))
ESTORNADO = ("estorno", "aprovado", Decimal("35.00"))
RECUSADO = ("cobranca", "rejeitado", Decimal("35.00"))
MARCA = ("cobranca", "rejeitado", None)


class Queda(BaseException):
    """O processo morreu: nada do que é dele reage."""


def caderno(pedido_id: int = 1) -> list[tuple[Any, ...]]:
    do_pedido = Lancamento.objects.filter(pedido_id=pedido_id).order_by("pk")
    return list(do_pedido.values_list("tipo", "status", "valor"))


def lenta(**mudancas: Any) -> Ordem:
    return uma_ordem(metodo="cartao_credito", token_cartao="tok_lento", **mudancas)


def passar(segundos: float) -> None:
    """O relógio de parede anda, ou com segundos negativos volta, para quem está no caderno."""
    Lancamento.objects.update(criado_em=timezone.now() - timedelta(seconds=segundos))


@pytest.fixture
def depois_da_operadora(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Marca o que acontece, uma vez, entre a resposta da operadora e o nosso commit."""

    def marcar(acontecer: Callable[[], object]) -> None:
        def uma_vez(ponto: str) -> None:
            monkeypatch.undo()
            assert ponto == "depois_da_operadora"
            acontecer()

        monkeypatch.setattr(casos_de_uso, "cair_se_marcado", uma_vez)

    return marcar


def morrer() -> None:
    raise Queda


# --- o que ela anota ------------------------------------------------------------------------------


def teste_aprovar_e_estornar_sao_um_lancamento_cada() -> None:
    processar_pagamento(ordem=uma_ordem(), estoque=Elo())
    assert caderno() == [COBRADO]
    for _ in range(2):
        estornar_pagamento(pedido_id=1, estoque=Elo())
    assert caderno() == [COBRADO, ESTORNADO]


def teste_recusado_nao_e_cobranca_nem_ha_o_que_estornar() -> None:
    ordem = uma_ordem(metodo="cartao_credito", token_cartao="tok_recusado")
    with pytest.raises(Recusado):
        processar_pagamento(ordem=ordem, estoque=Elo())
    estornar_pagamento(pedido_id=1, estoque=Elo())
    assert caderno() == [RECUSADO]


def teste_a_decisao_sorteada_uma_vez_vale_para_quem_pergunta_de_novo(settings: Any) -> None:
    # dado que cada pergunta sortearia outra resposta, e ninguém espera por nenhuma
    settings.SIMULACAO = "enunciado"
    random.seed(11)
    iniciar("rest", prazo_ms=0)
    ouvidas: set[tuple[Any, ...]] = set()
    for _ in range(30):
        with pytest.raises(PrazoEsgotado):
            operadora.cobrar(ordem=uma_ordem())
        ouvidas.update(Lancamento.objects.values_list("pk", "status", "espera_ms"))
    # então houve uma resposta só, e é a que vale quando fica pronta
    [(_, status, _)] = ouvidas
    passar(segundos=2)
    assert operadora.cobrar(ordem=uma_ordem()) == (status == "aprovado")


def teste_o_caderno_nao_aceita_um_estorno_recusado_nem_sem_valor() -> None:
    for status, valor in (("rejeitado", Decimal("1.00")), ("aprovado", None)):
        with pytest.raises(IntegrityError):
            Lancamento.objects.create(pedido_id=1, tipo="estorno", status=status, valor=valor)
    with pytest.raises(IntegrityError):
        Lancamento.objects.create(pedido_id=1, tipo="cobranca", status="aprovado", valor=None)


def teste_o_que_o_caderno_nao_aceita_nao_passa_por_repetido() -> None:
    with pytest.raises(IntegrityError):
        operadora._anotar(Lancamento(pedido_id=1, tipo="cobranca", status="aprovado"))


def teste_a_vez_de_escrever_na_operadora_e_outra() -> None:
    iniciar("rest", prazo_ms=0)
    with vez_de_escrever("default"):
        assert operadora.cobrar(ordem=uma_ordem())
    with vez_de_escrever("operadora"), pytest.raises(Indisponivel):
        operadora.estornar(pedido_id=1, impressao=None)
    assert caderno() == [COBRADO]


def teste_o_sql_guardado_vai_ao_banco_de_cada_modelo() -> None:
    operadora.cobrar(ordem=uma_ordem())
    [lido] = listar(Lancamento, tipo="cobranca")
    assert lido._state.db == "operadora"
    assert lido == Lancamento.objects.get() and lido.criado_em == Lancamento.objects.get().criado_em
    assert atualizar(Lancamento, {"pedido_id": 1}, espera_ms=7) == 1
    assert Lancamento.objects.get().espera_ms == 7


def teste_a_operadora_nao_se_chama_dentro_de_uma_transacao() -> None:
    for chamar in (
        lambda: operadora.cobrar(ordem=uma_ordem()),
        lambda: operadora.estornar(pedido_id=1, impressao=None),
    ):
        with transacao(), pytest.raises(RuntimeError, match="transação"):
            chamar()
    assert caderno() == []


# --- a resposta que se prepara sem que ninguém espere ---------------------------------------------


def teste_mais_lenta_que_o_prazo_aprova_quem_volta_depois() -> None:
    # dado quem desistiu antes da resposta
    iniciar("rest", prazo_ms=50)
    inicio = time.monotonic()
    with pytest.raises(PrazoEsgotado):
        processar_pagamento(ordem=lenta(), estoque=Elo())
    assert 0.04 < time.monotonic() - inicio < 0.9  # o prazo, e não os 3 s do token
    assert not Pagamento.objects.exists()
    # quando volta com a resposta por ficar pronta, espera só o que falta
    passar(segundos=2.9)
    iniciar("rest", prazo_ms=10_000)
    inicio = time.monotonic()
    processar_pagamento(ordem=lenta(), estoque=Elo())
    assert 0.02 < time.monotonic() - inicio < 0.9
    # e é uma cobrança só
    assert consultar_pagamento(pedido_id=1).status == "aprovado"
    assert caderno() == [COBRADO]


def teste_o_relogio_que_voltou_uma_hora_nao_segura_a_resposta() -> None:
    iniciar("rest", prazo_ms=0)
    with pytest.raises(PrazoEsgotado):
        operadora.cobrar(ordem=lenta())
    passar(segundos=-3600)
    assert operadora.cobrar(ordem=lenta())


# --- as corridas ----------------------------------------------------------------------------------


def teste_caido_entre_a_resposta_e_o_commit_cobra_uma_vez(depois_da_operadora: Any) -> None:
    depois_da_operadora(morrer)
    with pytest.raises(Queda):
        processar_pagamento(ordem=uma_ordem(), estoque=Elo())
    assert not Pagamento.objects.exists()
    processar_pagamento(ordem=uma_ordem(), estoque=Elo())
    assert consultar_pagamento(pedido_id=1).status == "aprovado"
    assert caderno() == [COBRADO]


def teste_o_cancelamento_que_chega_antes_do_commit_devolve_o_que_se_cobrou(
    depois_da_operadora: Any,
) -> None:
    depois_da_operadora(lambda: estornar_pagamento(pedido_id=1, estoque=Elo()))
    with pytest.raises(Recusado) as recusa:
        processar_pagamento(ordem=uma_ordem(), estoque=Elo())
    assert (recusa.value.codigo, recusa.value.situacao) == ("pedido_cancelado", "estornado")
    assert consultar_pagamento(pedido_id=1).valor is None  # é a lápide
    assert caderno() == [COBRADO, ESTORNADO]


def teste_a_cobranca_que_chega_depois_do_estorno_e_recusada() -> None:
    # dado um estorno que a operadora já tem, e cuja lápide ainda não se gravou
    operadora.estornar(pedido_id=1, impressao=None)
    with pytest.raises(Recusado) as recusa:
        processar_pagamento(ordem=uma_ordem(), estoque=Elo())
    assert recusa.value.codigo == "pagamento_rejeitado"
    assert estornar_pagamento(pedido_id=1, estoque=Elo()).status == "rejeitado"
    assert caderno() == [MARCA]


def teste_de_um_pedido_nunca_visto_a_lapide_nao_estorna_nada() -> None:
    estornar_pagamento(pedido_id=1, estoque=Elo())
    with pytest.raises(Recusado):
        processar_pagamento(ordem=uma_ordem(), estoque=Elo())
    assert caderno() == [MARCA]


def teste_quem_desistiu_de_esperar_e_cancelou_tem_o_dinheiro_de_volta() -> None:
    iniciar("rest", prazo_ms=0)
    with pytest.raises(PrazoEsgotado):
        processar_pagamento(ordem=lenta(), estoque=Elo())
    assert estornar_pagamento(pedido_id=1, estoque=Elo()).status == "estornado"
    assert caderno() == [COBRADO, ESTORNADO]


def teste_caido_entre_o_estorno_e_o_commit_estorna_uma_vez(depois_da_operadora: Any) -> None:
    processar_pagamento(ordem=uma_ordem(), estoque=Elo())
    depois_da_operadora(morrer)
    with pytest.raises(Queda):
        estornar_pagamento(pedido_id=1, estoque=Elo())
    assert consultar_pagamento(pedido_id=1).status == "aprovado"
    assert estornar_pagamento(pedido_id=1, estoque=Elo()).status == "estornado"
    assert caderno() == [COBRADO, ESTORNADO]


def teste_caido_ao_compensar_uma_recusa_quem_repete_estorna(depois_da_operadora: Any) -> None:
    sem_pecas = Elo(ao_fazer=Recusado("Sem peças.", codigo="sem_estoque"))
    processar_pagamento(ordem=uma_ordem(), estoque=Elo())
    depois_da_operadora(morrer)
    with pytest.raises(Queda):
        processar_pagamento(ordem=uma_ordem(), estoque=sem_pecas)
    assert caderno() == [COBRADO, ESTORNADO]
    with pytest.raises(Recusado) as recusa:
        processar_pagamento(ordem=uma_ordem(), estoque=sem_pecas)
    assert recusa.value.situacao == "estornado"
    assert caderno() == [COBRADO, ESTORNADO]


# --- o número que já era de outra ordem -----------------------------------------------------------


def teste_um_numero_ja_visto_com_outro_conteudo_nem_chega_a_operadora() -> None:
    Pagamento.objects.create(pedido_id=1, status="estornado", impressao="de outra")
    with pytest.raises(Conflito):
        processar_pagamento(ordem=uma_ordem(), estoque=Elo())
    assert caderno() == []


def teste_desfazer_uma_ordem_nao_estorna_a_de_outra_com_o_mesmo_numero() -> None:
    processar_pagamento(ordem=uma_ordem(), estoque=Elo())
    outra = uma_ordem(metodo="boleto").impressao
    estornar_pagamento(pedido_id=1, impressao=outra, estoque=Elo())
    assert consultar_pagamento(pedido_id=1).status == "aprovado"
    assert caderno() == [COBRADO]


def teste_a_operadora_nao_paga_uma_ordem_com_a_cobranca_de_outra() -> None:
    # dado que pagamentos esqueceu uma compra que a operadora lembra
    operadora.cobrar(ordem=uma_ordem(metodo="boleto"))
    with pytest.raises(Conflito) as conflito:
        processar_pagamento(ordem=uma_ordem(), estoque=Elo())
    assert conflito.value.pedido_id == 1
    assert not Pagamento.objects.exists()
    # nem devolve a de uma a pedido da outra
    operadora.estornar(pedido_id=1, impressao=uma_ordem().impressao)
    assert caderno() == [COBRADO]
    operadora.estornar(pedido_id=1, impressao=uma_ordem(metodo="boleto").impressao)
    assert caderno() == [COBRADO, ESTORNADO]
