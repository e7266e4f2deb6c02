"""Fiscal: uma nota por pedido, números sem buraco, e o cancelamento como compensação."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError

from ecommerce.erros import Conflito, Indisponivel, NaoEncontrado, Recusado
from ecommerce.operacoes.models import Operacao
from fiscal.casos_de_uso import cancelar_nota, consultar_nota, emitir_nota
from fiscal.dominio import (
    CODIGOS_PROIBIDOS,
    NUMERO_MAXIMO,
    chave_de_acesso,
    digito_verificador,
    sortear_codigo,
)
from fiscal.models import Nota, Numeracao
from testes.apoio.exemplos import QUANDO, Elo, commits, transacoes, um_andamento, uma_ordem

pytestmark = pytest.mark.django_db(transaction=True)


def operacoes(pedido_id: int = 1) -> list[tuple[str, str]]:
    do_pedido = Operacao.objects.filter(pedido_id=pedido_id).order_by("id")
    return list(do_pedido.values_list("operacao", "resultado"))


def teste_digito_verificador_de_chaves_publicadas() -> None:
    # a chave de exemplo do Manual de Orientação do Contribuinte, e outra de domínio público
    for chave in (
        "52060433009911002506550120000007800267301615",
        "43171207364617000135550000000120141000120146",
    ):
        assert digito_verificador(chave[:43]) == int(chave[43])


@pytest.mark.parametrize(
    ("corpo", "digito"),
    [
        ("0", 0),  # resto 0
        ("6", 0),  # 6×2 = 12, resto 1
        ("1", 9),  # 1×2, resto 2
        ("7", 8),  # 7×2 = 14, resto 3
        ("10000000", 2),  # o oitavo peso é 9
        ("100000000", 9),  # e o nono é 2 outra vez
    ],
)
def teste_digito_verificador_pelos_pesos(corpo: str, digito: int) -> None:
    assert digito_verificador(corpo) == digito


def teste_chave_segue_o_leiaute() -> None:
    # às 2h de 1º de dezembro em UTC ainda é novembro em São Paulo
    chave = chave_de_acesso(
        serie=7, numero=123, emitida_em=datetime(2026, 12, 1, 2, tzinfo=UTC), codigo=87654321
    )
    assert (
        chave[:43]
        == "35" + "2611" + "11222333000181" + "55" + "007" + "000000123" + "1" + "87654321"
    )
    assert len(chave) == 44


def teste_numeros_sem_buraco_mesmo_com_recusas() -> None:
    emitir_nota(ordem=uma_ordem(1), logistica=Elo())
    with pytest.raises(Recusado):
        emitir_nota(
            ordem=uma_ordem(3),
            logistica=Elo(ao_fazer=Recusado("não", codigo="pedido_cancelado")),
        )
    cancelar_nota(pedido_id=4, logistica=Elo())
    emitir_nota(ordem=uma_ordem(5), logistica=Elo())
    numeros = Nota.objects.exclude(numero=None).order_by("numero").values_list("numero", "status")
    assert list(numeros) == [(1, "emitida"), (2, "cancelada"), (3, "emitida")]


def teste_acabados_os_numeros_de_uma_serie_comeca_a_seguinte() -> None:
    Numeracao.objects.create(serie=1, ultimo=NUMERO_MAXIMO - 1)
    for pedido_id in (1, 2, 3):
        emitir_nota(ordem=uma_ordem(pedido_id), logistica=Elo())
    notas = Nota.objects.order_by("pedido_id")
    assert [(nota.serie, nota.numero) for nota in notas] == [(1, NUMERO_MAXIMO), (2, 1), (2, 2)]
    assert [nota.chave_acesso[22:34] for nota in notas if nota.chave_acesso] == [
        "001999999999",
        "002000000001",
        "002000000002",
    ]


def teste_emite_segue_e_devolve_as_linhas() -> None:
    logistica = Elo()
    andamento = emitir_nota(ordem=uma_ordem(), logistica=logistica)
    nota = consultar_nota(pedido_id=1)
    assert (nota.status, nota.numero, nota.serie, nota.valor) == (
        "emitida",
        "1",
        1,
        Decimal("35.00"),
    )
    assert andamento == replace(um_andamento(), nota=nota)
    assert logistica.ouviu == [("fazer", 1)]
    assert operacoes() == [("emitir_nota", "emitida")]


def teste_a_chave_da_nota_traz_a_data_o_numero_e_um_codigo_que_nao_e_o_numero(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(secrets, "randbelow", lambda _: 1)
    emitir_nota(ordem=uma_ordem(), logistica=Elo())
    nota = Nota.objects.get()
    assert nota.numero == 1 and nota.data_emissao and nota.chave_acesso
    esperada = chave_de_acesso(serie=1, numero=1, emitida_em=nota.data_emissao, codigo=2)
    assert nota.chave_acesso == esperada


def teste_repetida_e_a_mesma_nota() -> None:
    primeira = emitir_nota(ordem=uma_ordem(), logistica=Elo()).nota
    assert emitir_nota(ordem=uma_ordem(), logistica=Elo()).nota == primeira
    assert primeira == consultar_nota(pedido_id=1)
    assert operacoes() == [("emitir_nota", "emitida")]


def teste_recusa_de_baixo_cancela_a_nota_e_se_repete() -> None:
    recusado = Recusado("não", codigo="sem_rota")
    for _ in range(2):
        with pytest.raises(Recusado) as recusa:
            emitir_nota(ordem=uma_ordem(), logistica=Elo(ao_fazer=recusado))
        assert recusa.value.codigo == "sem_rota"
    assert consultar_nota(pedido_id=1).status == "cancelada"
    assert operacoes() == [("emitir_nota", "emitida"), ("cancelar_nota", "cancelada")]


def teste_pedido_sem_nota() -> None:
    with pytest.raises(NaoEncontrado) as falta:
        consultar_nota(pedido_id=5)
    assert falta.value.pedido_id == 5


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
    logistica = Elo()
    lapide = cancelar_nota(pedido_id=9, logistica=logistica)
    assert (lapide.status, lapide.numero, lapide.chave_acesso) == ("cancelada", None, None)
    assert Nota.objects.get(pk=9).motivo == "pedido_cancelado"
    with pytest.raises(Recusado) as recusa:
        emitir_nota(ordem=uma_ordem(9), logistica=logistica)
    assert (recusa.value.codigo, recusa.value.pedido_id) == ("pedido_cancelado", 9)
    assert recusa.value.situacao == "cancelada"
    assert logistica.ouviu == [("desfazer", 9)]


def teste_cancelada_sem_motivo_anotado_responde_que_o_pedido_foi_cancelado() -> None:
    Nota.objects.create(pedido_id=1, status="cancelada")
    with pytest.raises(Recusado) as recusa:
        emitir_nota(ordem=uma_ordem(), logistica=Elo())
    assert recusa.value.codigo == "pedido_cancelado"


def teste_um_commit_por_passo_e_nenhum_ao_repetir() -> None:
    assert commits(lambda: emitir_nota(ordem=uma_ordem(), logistica=Elo())) == 1
    assert transacoes(lambda: emitir_nota(ordem=uma_ordem(), logistica=Elo())) == 0


@pytest.mark.parametrize(
    ("sorteado", "numero", "esperado"),
    [
        (7, 7, 8),  # o número da nota
        (10, 9, 10),  # só parecido com ele
        (11_111_111, 7, 11_111_112),
        (1_234_567, 7, 1_234_568),
        (99_999_999, 1, 2),  # dá a volta, e salta o zero e o número da nota
        (12_345_677, 12_345_677, 12_345_679),  # nem o número, nem o proibido logo depois
    ],
)
def teste_um_codigo_que_a_sefaz_recusaria_da_lugar_ao_seguinte(
    sorteado: int, numero: int, esperado: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secrets, "randbelow", lambda _: sorteado)
    assert sortear_codigo(numero) == esperado


def teste_os_vinte_codigos_proibidos_sao_os_da_regra() -> None:
    """Os da NT 2019.001, regra B03-10, tal como ela os lista."""
    da_norma = (
        "00000000 11111111 22222222 33333333 44444444 55555555 66666666 77777777 88888888 99999999 "
        "12345678 23456789 34567890 45678901 56789012 67890123 78901234 89012345 90123456 01234567"
    )
    assert set(map(int, da_norma.split())) == CODIGOS_PROIBIDOS


def teste_o_codigo_e_o_sorteado_entre_todos_os_de_oito_digitos(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(secrets, "randbelow", lambda quantos: quantos - 2)
    assert sortear_codigo(7) == 99_999_998


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


def teste_cancelar_com_a_impressao_de_outra_ordem_nao_toca_na_nota() -> None:
    antiga, logistica = emitir_nota(ordem=uma_ordem(metodo="boleto"), logistica=Elo()).nota, Elo()
    impressao = uma_ordem().impressao
    resposta = cancelar_nota(pedido_id=1, impressao=impressao, logistica=logistica)
    assert (resposta.status, resposta.numero, resposta.valor) == ("cancelada", None, None)
    assert consultar_nota(pedido_id=1) == antiga
    assert logistica.impressao == impressao
