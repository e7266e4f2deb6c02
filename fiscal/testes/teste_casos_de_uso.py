"""Fiscal: uma nota por pedido, números sem buraco, e o cancelamento como compensação."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError

from ecommerce.erros import Conflito, Indisponivel, Recusado
from ecommerce.mensagens import Cliente
from fiscal.casos_de_uso import cancelar_nota, consultar_nota, emitir_nota
from fiscal.dominio import chave_de_acesso, digito_verificador, sortear_codigo
from fiscal.models import Nota
from testes.apoio.exemplos import QUANDO, Elo, commits, uma_ordem

pytestmark = pytest.mark.django_db(transaction=True)


def teste_digito_verificador_de_chaves_publicadas() -> None:
    # a chave de exemplo do Manual de Orientação do Contribuinte, e outra de domínio público
    for chave in (
        "52060433009911002506550120000007800267301615",
        "43171207364617000135550000000120141000120146",
    ):
        assert digito_verificador(chave[:43]) == int(chave[43])


def teste_chave_segue_o_leiaute() -> None:
    # às 2h de 1º de dezembro em UTC ainda é novembro em São Paulo
    chave = chave_de_acesso(
        numero=123, emitida_em=datetime(2026, 12, 1, 2, tzinfo=UTC), codigo=87654321
    )
    assert (
        chave[:43]
        == "35" + "2611" + "11222333000181" + "55" + "001" + "000000123" + "1" + "87654321"
    )
    assert len(chave) == 44


def teste_numeros_sem_buraco_mesmo_com_recusas() -> None:
    emitir_nota(ordem=uma_ordem(1), logistica=Elo())
    with pytest.raises(Recusado):
        emitir_nota(ordem=uma_ordem(2, cliente=Cliente(1, "X", "x@exemplo.com")), logistica=Elo())
    with pytest.raises(Recusado):
        emitir_nota(
            ordem=uma_ordem(3),
            logistica=Elo(ao_fazer=Recusado("não", codigo="pedido_cancelado")),
        )
    cancelar_nota(pedido_id=4, logistica=Elo())
    emitir_nota(ordem=uma_ordem(5), logistica=Elo())
    numeros = Nota.objects.exclude(numero=None).order_by("numero").values_list("numero", "status")
    assert list(numeros) == [(1, "emitida"), (2, "cancelada"), (3, "emitida")]


def teste_repetida_e_a_mesma_nota() -> None:
    primeira = emitir_nota(ordem=uma_ordem(), logistica=Elo()).nota
    assert emitir_nota(ordem=uma_ordem(), logistica=Elo()).nota == primeira
    assert primeira == consultar_nota(pedido_id=1)


def teste_sem_resposta_de_baixo_a_nota_fica() -> None:
    with pytest.raises(Indisponivel) as falta:
        emitir_nota(ordem=uma_ordem(), logistica=Elo(ao_fazer=Indisponivel("fora")))
    assert falta.value.alcancado == "nf_emitida"
    assert consultar_nota(pedido_id=1).status == "emitida"


def teste_outro_conteudo_e_conflito() -> None:
    emitir_nota(ordem=uma_ordem(), logistica=Elo())
    with pytest.raises(Conflito):
        emitir_nota(ordem=uma_ordem(metodo="boleto"), logistica=Elo())


def teste_cancelar_espera_a_logistica_e_se_repete_sem_efeito() -> None:
    emitir_nota(ordem=uma_ordem(), logistica=Elo())
    for erro in (Indisponivel("fora"), Conflito("já entregue")):
        with pytest.raises(type(erro)):
            cancelar_nota(pedido_id=1, logistica=Elo(ao_desfazer=erro))
        assert consultar_nota(pedido_id=1).status == "emitida"
    primeira = cancelar_nota(pedido_id=1, logistica=Elo())
    assert primeira.status == "cancelada"
    assert cancelar_nota(pedido_id=1, logistica=Elo()) == primeira


def teste_lapide_nao_gasta_numero_e_recusa_o_que_chega_depois() -> None:
    lapide = cancelar_nota(pedido_id=9, logistica=Elo())
    assert (lapide.status, lapide.numero, lapide.chave_acesso) == ("cancelada", None, None)
    with pytest.raises(Recusado) as recusa:
        emitir_nota(ordem=uma_ordem(9), logistica=Elo())
    assert recusa.value.codigo == "pedido_cancelado"


def teste_um_commit_por_passo_e_nenhum_ao_repetir() -> None:
    assert commits(lambda: emitir_nota(ordem=uma_ordem(), logistica=Elo())) == 1
    assert commits(lambda: emitir_nota(ordem=uma_ordem(), logistica=Elo())) == 0


@pytest.mark.parametrize("numero", [7, 99_999_999])
def teste_o_codigo_nunca_e_o_numero_da_nota(numero: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """NT 2019.001, regra B03-10: quem sorteia o próprio número tem de pôr outro."""
    monkeypatch.setattr(secrets, "randbelow", lambda _: numero)
    codigo = sortear_codigo(numero)
    assert codigo != numero
    assert 0 <= codigo < 10**8


@pytest.mark.parametrize("falta", ["numero", "valor", "chave_acesso", "data_emissao"])
def teste_o_banco_nao_guarda_uma_emitida_pela_metade(falta: str) -> None:
    campos = {
        "numero": 1,
        "valor": Decimal("35.00"),
        "chave_acesso": "3" * 44,
        "data_emissao": QUANDO,
    }
    with pytest.raises(IntegrityError):
        Nota.objects.create(pedido_id=1, status="emitida", **(campos | {falta: None}))
