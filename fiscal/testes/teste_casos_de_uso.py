"""Fiscal: uma nota por pedido, números sem buraco, e o cancelamento como compensação."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError

from ecommerce.erros import Conflito, Indisponivel, NaoEncontrado, Recusado
from ecommerce.mensagens import Cliente
from ecommerce.operacoes.models import Operacao
from fiscal.casos_de_uso import cancelar_nota, consultar_nota, emitir_nota
from fiscal.dominio import chave_de_acesso, digito_verificador, sortear_codigo
from fiscal.models import Nota
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
    assert nota.chave_acesso == chave_de_acesso(numero=1, emitida_em=nota.data_emissao, codigo=2)


def teste_repetida_e_a_mesma_nota() -> None:
    primeira = emitir_nota(ordem=uma_ordem(), logistica=Elo()).nota
    assert emitir_nota(ordem=uma_ordem(), logistica=Elo()).nota == primeira
    assert primeira == consultar_nota(pedido_id=1)
    assert operacoes() == [("emitir_nota", "emitida")]


@pytest.mark.parametrize(("tamanho", "serve"), [(1, False), (2, True), (60, True), (61, False)])
def teste_o_nome_cabe_na_nota(tamanho: int, serve: bool) -> None:
    ordem = uma_ordem(cliente=Cliente(1, "X" * tamanho, "x@exemplo.com"))
    if serve:
        assert emitir_nota(ordem=ordem, logistica=Elo()).nota == consultar_nota(pedido_id=1)
        return
    with pytest.raises(Recusado) as recusa:
        emitir_nota(ordem=ordem, logistica=Elo())
    assert (recusa.value.codigo, recusa.value.pedido_id) == ("entrada_invalida", 1)


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


@pytest.mark.parametrize("numero", [7, 99_999_999])
def teste_o_codigo_nunca_e_o_numero_da_nota(numero: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """NT 2019.001, regra B03-10: quem sorteia o próprio número tem de pôr outro."""
    monkeypatch.setattr(secrets, "randbelow", lambda _: numero)
    codigo = sortear_codigo(numero)
    assert codigo != numero
    assert codigo in range(10**8)


def teste_o_codigo_e_o_sorteado_entre_todos_os_de_oito_digitos(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(secrets, "randbelow", lambda quantos: quantos - 1)
    assert sortear_codigo(7) == 99_999_999


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
