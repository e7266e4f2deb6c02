"""Pagamentos: uma cobrança por pedido, e o estorno como compensação."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest
from django.db import IntegrityError

from ecommerce.contexto import iniciar
from ecommerce.erros import Conflito, Indisponivel, NaoEncontrado, PrazoEsgotado, Recusado
from ecommerce.operacoes.models import Operacao
from pagamentos.casos_de_uso import consultar_pagamento, estornar_pagamento, processar_pagamento
from pagamentos.dominio import decidir
from pagamentos.models import Pagamento
from testes.apoio.exemplos import QUANDO, Elo, commits, uma_ordem

pytestmark = pytest.mark.django_db(transaction=True)


def operacoes() -> list[tuple[str, str]]:
    return list(Operacao.objects.order_by("id").values_list("operacao", "resultado"))


def teste_aprovado_segue_a_cadeia_e_devolve_as_linhas() -> None:
    estoque = Elo()
    andamento = processar_pagamento(ordem=uma_ordem(), estoque=estoque)
    assert andamento.pagamento and andamento.pagamento.status == "aprovado"
    assert andamento.envio.codigo_rastreamento == "PA000000014BR"
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
        assert recusa.value.codigo == "pagamento_rejeitado"
    assert estoque.ouviu == []
    assert operacoes() == [("processar_pagamento", "rejeitado")]


def teste_token_desconhecido_e_um_pagamento_recusado() -> None:
    ordem = uma_ordem(metodo="cartao_credito", token_cartao="tok_inventado")
    with pytest.raises(Recusado, match="operadora"):
        processar_pagamento(ordem=ordem, estoque=Elo())


def teste_recusa_de_baixo_estorna_antes_de_subir_e_se_repete() -> None:
    estoque = Elo(ao_fazer=Recusado("Sem peças.", codigo="sem_estoque"))
    for _ in range(2):
        with pytest.raises(Recusado) as recusa:
            processar_pagamento(ordem=uma_ordem(), estoque=estoque)
        assert recusa.value.codigo == "sem_estoque"
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
    with pytest.raises(Conflito):
        processar_pagamento(ordem=uma_ordem(metodo="boleto"), estoque=Elo())
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
    lapide = estornar_pagamento(pedido_id=9, estoque=Elo())
    assert (lapide.status, lapide.valor, lapide.metodo) == ("estornado", None, None)
    with pytest.raises(Recusado) as recusa:
        processar_pagamento(ordem=uma_ordem(9), estoque=Elo())
    assert recusa.value.codigo == "pedido_cancelado"


def teste_operadora_mais_lenta_que_o_prazo_nao_cobra() -> None:
    iniciar("rest", prazo_ms=50)
    ordem = uma_ordem(metodo="cartao_credito", token_cartao="tok_lento")
    with pytest.raises(PrazoEsgotado):
        processar_pagamento(ordem=ordem, estoque=Elo())
    with pytest.raises(NaoEncontrado):
        consultar_pagamento(pedido_id=1)


def teste_um_commit_por_passo_e_nenhum_ao_repetir() -> None:
    assert commits(lambda: processar_pagamento(ordem=uma_ordem(), estoque=Elo())) == 1
    assert commits(lambda: processar_pagamento(ordem=uma_ordem(), estoque=Elo())) == 0


def teste_como_no_enunciado_um_em_dez_e_recusado_e_todos_demoram() -> None:
    random.seed(11)
    decisoes = [decidir("pix", None, "enunciado") for _ in range(3000)]
    recusados = sum(not decisao.aprovado for decisao in decisoes)
    assert 240 < recusados < 360
    assert all(0.5 <= decisao.espera_s <= 1.5 for decisao in decisoes)


@pytest.mark.parametrize("falta", ["valor", "metodo", "data_processamento"])
def teste_o_banco_nao_guarda_um_aprovado_pela_metade(falta: str) -> None:
    campos = {"metodo": "pix", "valor": Decimal("35.00"), "data_processamento": QUANDO}
    with pytest.raises(IntegrityError):
        Pagamento.objects.create(pedido_id=1, status="aprovado", **(campos | {falta: None}))
