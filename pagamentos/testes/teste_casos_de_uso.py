"""Pagamentos: uma cobrança por pedido, e o estorno como compensação."""

from __future__ import annotations

import time
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError

from ecommerce.banco.sql import inserir
from ecommerce.contexto import iniciar
from ecommerce.erros import Conflito, Indisponivel, NaoEncontrado, PrazoEsgotado, Recusado
from ecommerce.operacoes.models import Operacao
from ecommerce.passos import gravar_uma_vez
from pagamentos.casos_de_uso import consultar_pagamento, estornar_pagamento, processar_pagamento
from pagamentos.models import Pagamento
from testes.apoio.exemplos import QUANDO, Elo, commits, transacoes, um_andamento, uma_ordem

pytestmark = pytest.mark.django_db(transaction=True, databases="__all__")


def operacoes(pedido_id: int = 1) -> list[tuple[str, str]]:
    do_pedido = Operacao.objects.filter(pedido_id=pedido_id).order_by("id")
    return list(do_pedido.values_list("operacao", "resultado"))


def teste_aprovado_segue_a_cadeia_e_devolve_as_linhas() -> None:
    estoque = Elo()
    andamento = processar_pagamento(ordem=uma_ordem(), estoque=estoque)
    pagamento = consultar_pagamento(pedido_id=1)
    assert (pagamento.status, pagamento.valor) == ("aprovado", Decimal("35.00"))
    assert andamento == replace(um_andamento(), pagamento=pagamento)
    assert estoque.ouviu == [("fazer", 1)]
    assert operacoes() == [("processar_pagamento", "aprovado")]


def teste_repetido_nao_cobra_de_novo_mas_passa_adiante() -> None:
    estoque = Elo()
    primeiro = processar_pagamento(ordem=uma_ordem(), estoque=estoque)
    segundo = processar_pagamento(ordem=uma_ordem(), estoque=estoque)
    assert primeiro == segundo
    assert estoque.ouviu == [("fazer", 1), ("fazer", 1)]
    assert operacoes() == [("processar_pagamento", "aprovado")]


def teste_cartao_recusado_nao_segue_e_repete_a_mesma_recusa() -> None:
    estoque = Elo()
    ordem = uma_ordem(metodo="cartao_credito", token_cartao="tok_recusado")
    for _ in range(2):
        with pytest.raises(Recusado) as recusa:
            processar_pagamento(ordem=ordem, estoque=estoque)
        assert (recusa.value.codigo, recusa.value.pedido_id) == ("pagamento_rejeitado", 1)
    assert estoque.ouviu == []
    assert operacoes() == [("processar_pagamento", "rejeitado")]


def teste_token_desconhecido_e_um_pagamento_recusado() -> None:
    ordem = uma_ordem(metodo="cartao_credito", token_cartao="tok_inventado")
    with pytest.raises(Recusado, match="operadora") as recusa:
        processar_pagamento(ordem=ordem, estoque=Elo())
    assert recusa.value.situacao == "rejeitado"


def teste_recusa_de_baixo_estorna_antes_de_subir_e_se_repete() -> None:
    estoque = Elo(ao_fazer=Recusado("Sem peças.", codigo="sem_estoque"))
    for _ in range(2):
        with pytest.raises(Recusado) as recusa:
            processar_pagamento(ordem=uma_ordem(), estoque=estoque)
        assert (recusa.value.codigo, recusa.value.situacao) == ("sem_estoque", "estornado")
    assert consultar_pagamento(pedido_id=1).status == "estornado"
    assert estoque.ouviu == [("fazer", 1)]
    assert operacoes() == [
        ("processar_pagamento", "aprovado"),
        ("estornar_pagamento", "estornado"),
    ]


def teste_sem_resposta_de_baixo_nada_se_desfaz() -> None:
    with pytest.raises(Indisponivel) as falta:
        processar_pagamento(ordem=uma_ordem(), estoque=Elo(ao_fazer=Indisponivel("fora")))
    assert falta.value.alcancado == "pagamento_aprovado"
    assert consultar_pagamento(pedido_id=1).status == "aprovado"


def teste_o_mais_longe_que_se_alcancou_nao_e_encurtado_na_subida() -> None:
    longe = Indisponivel("fora", alcancado="nf_emitida")
    with pytest.raises(Indisponivel) as falta:
        processar_pagamento(ordem=uma_ordem(), estoque=Elo(ao_fazer=longe))
    assert falta.value.alcancado == "nf_emitida"


def teste_mesmo_pedido_com_outro_conteudo_e_conflito() -> None:
    processar_pagamento(ordem=uma_ordem(), estoque=Elo())
    with pytest.raises(Conflito) as conflito:
        processar_pagamento(ordem=uma_ordem(metodo="boleto"), estoque=Elo())
    assert conflito.value.pedido_id == 1
    assert Pagamento.objects.get().metodo == "pix"


def teste_estornar_desfaz_primeiro_o_que_esta_abaixo() -> None:
    processar_pagamento(ordem=uma_ordem(), estoque=Elo())
    estoque = Elo(ao_desfazer=Indisponivel("fora"))
    with pytest.raises(Indisponivel):
        estornar_pagamento(pedido_id=1, estoque=estoque)
    assert consultar_pagamento(pedido_id=1).status == "aprovado"

    for _ in range(2):
        assert estornar_pagamento(pedido_id=1, estoque=Elo()).status == "estornado"
    assert operacoes().count(("estornar_pagamento", "estornado")) == 1


def teste_estornar_um_rejeitado_deixa_o_rejeitado() -> None:
    with pytest.raises(Recusado):
        processar_pagamento(
            ordem=uma_ordem(metodo="cartao_credito", token_cartao="tok_recusado"), estoque=Elo()
        )
    assert estornar_pagamento(pedido_id=1, estoque=Elo()).status == "rejeitado"


def teste_lapide_de_um_pedido_nunca_visto_recusa_o_que_chega_depois() -> None:
    estoque = Elo()
    lapide = estornar_pagamento(pedido_id=9, estoque=estoque)
    assert (lapide.status, lapide.valor, lapide.metodo) == ("estornado", None, None)
    assert Pagamento.objects.get(pk=9).motivo == "pedido_cancelado"
    assert operacoes(9) == [("estornar_pagamento", "estornado")]
    with pytest.raises(Recusado) as recusa:
        processar_pagamento(ordem=uma_ordem(9), estoque=estoque)
    assert (recusa.value.codigo, recusa.value.pedido_id) == ("pedido_cancelado", 9)
    assert estoque.ouviu == [("desfazer", 9)]


def teste_estornado_sem_motivo_anotado_responde_que_o_pedido_foi_cancelado() -> None:
    Pagamento.objects.create(pedido_id=1, status="estornado")
    with pytest.raises(Recusado) as recusa:
        processar_pagamento(ordem=uma_ordem(), estoque=Elo())
    assert recusa.value.codigo == "pedido_cancelado"


def teste_cada_pedido_tem_o_seu_pagamento() -> None:
    for pedido_id in (1, 2):
        andamento = processar_pagamento(ordem=uma_ordem(pedido_id), estoque=Elo())
        assert andamento.pagamento == consultar_pagamento(pedido_id=pedido_id)
    assert estornar_pagamento(pedido_id=2, estoque=Elo()).status == "estornado"
    assert consultar_pagamento(pedido_id=1).status == "aprovado"


def teste_de_duas_decisoes_ao_mesmo_tempo_vale_a_que_se_gravou_primeiro() -> None:
    # dado que outra chamada gravou a recusa depois de esta não ter achado nada
    campos = {"metodo": "pix", "valor": Decimal("35.00"), "data_processamento": QUANDO}
    Pagamento.objects.create(pedido_id=1, status="rejeitado", **campos)
    # quando esta grava a sua aprovação
    nosso = Pagamento(pedido_id=1, status="aprovado", **campos)
    valeu = gravar_uma_vez(nosso, lambda: inserir(nosso))
    # então o pagamento continua recusado, e é isso que ela responde
    assert (valeu.pk, valeu.status) == (1, "rejeitado")
    assert Pagamento.objects.get().status == "rejeitado"


def teste_operadora_mais_lenta_que_o_prazo_nao_deixa_pagamento() -> None:
    iniciar("rest", prazo_ms=50)
    ordem = uma_ordem(metodo="cartao_credito", token_cartao="tok_lento")
    inicio = time.monotonic()
    with pytest.raises(PrazoEsgotado):
        processar_pagamento(ordem=ordem, estoque=Elo())
    assert time.monotonic() - inicio < 0.9  # o prazo, e não os 3 s do token
    with pytest.raises(NaoEncontrado) as falta:
        consultar_pagamento(pedido_id=1)
    assert falta.value.pedido_id == 1


def teste_um_commit_por_passo_e_nenhum_ao_repetir() -> None:
    assert commits(lambda: processar_pagamento(ordem=uma_ordem(), estoque=Elo())) == 1
    assert transacoes(lambda: processar_pagamento(ordem=uma_ordem(), estoque=Elo())) == 0


def teste_a_simulacao_do_enunciado_se_escolhe_nas_settings(settings: Any) -> None:
    settings.SIMULACAO = "enunciado"
    iniciar("rest", prazo_ms=50)
    with pytest.raises(PrazoEsgotado):
        processar_pagamento(ordem=uma_ordem(), estoque=Elo())


@pytest.mark.parametrize("falta", ["valor", "metodo", "data_processamento"])
def teste_o_banco_nao_guarda_um_aprovado_pela_metade(falta: str) -> None:
    campos = {"metodo": "pix", "valor": Decimal("35.00"), "data_processamento": QUANDO}
    with pytest.raises(IntegrityError):
        Pagamento.objects.create(pedido_id=1, status="aprovado", **(campos | {falta: None}))


def teste_estornar_com_a_impressao_de_outra_ordem_nao_toca_no_pagamento() -> None:
    processar_pagamento(ordem=uma_ordem(metodo="boleto"), estoque=Elo())
    antigo, estoque = consultar_pagamento(pedido_id=1), Elo()
    impressao = uma_ordem().impressao
    resposta = estornar_pagamento(pedido_id=1, impressao=impressao, estoque=estoque)
    assert (resposta.status, resposta.valor) == ("estornado", None)
    assert consultar_pagamento(pedido_id=1) == antigo
    assert estoque.impressao == impressao
