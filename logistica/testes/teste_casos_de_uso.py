"""Logística: um envio por pedido; entregue não se cancela, cancelado não se entrega."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ecommerce.erros import Conflito, EntradaInvalida, NaoEncontrado, Recusado
from ecommerce.mensagens import PEDIDO_MAXIMO
from ecommerce.operacoes.models import Operacao
from logistica.casos_de_uso import agendar_envio, cancelar_envio, consultar_envio, entregar_envio
from logistica.dominio import codigo_rastreamento, digito_s10
from logistica.models import Envio
from testes.apoio.exemplos import commits, transacoes, uma_ordem

pytestmark = pytest.mark.django_db(transaction=True)


def operacoes(pedido_id: int = 1) -> list[tuple[str, str]]:
    do_pedido = Operacao.objects.filter(pedido_id=pedido_id).order_by("id")
    return list(do_pedido.values_list("operacao", "resultado"))


def teste_digito_da_upu() -> None:
    assert digito_s10("47312482") == 9  # o exemplo da própria norma
    assert digito_s10("00000000") == 5  # 11 vira 5
    assert digito_s10("02000000") == 0  # 2×6 = 12, resto 1: 10 vira 0


def teste_codigo_tem_a_forma_s10_e_nao_se_repete() -> None:
    codigos = {codigo_rastreamento(n) for n in (1, 2, 99_999_999, 100_000_000, 100_000_001)}
    assert len(codigos) == 5
    assert codigo_rastreamento(47312482) == "PA473124829BR"


def teste_o_ultimo_pedido_que_cabe_numa_ordem_e_o_ultimo_que_tem_codigo() -> None:
    assert codigo_rastreamento(25 * 10**8) == "PZ000000005BR"
    codigo = agendar_envio(ordem=uma_ordem(PEDIDO_MAXIMO)).envio.codigo_rastreamento
    assert codigo == "PZ999999995BR"
    with pytest.raises(EntradaInvalida) as recusa:
        uma_ordem(PEDIDO_MAXIMO + 1)
    assert list(recusa.value.erros) == ["pedido_id"]
    with pytest.raises(IndexError):
        codigo_rastreamento(PEDIDO_MAXIMO + 1)


def teste_agendar_duas_vezes_e_um_envio_so() -> None:
    primeiro = agendar_envio(ordem=uma_ordem())
    assert agendar_envio(ordem=uma_ordem()) == primeiro
    assert primeiro.envio.status == "aguardando_envio"
    assert operacoes() == [("agendar_envio", "aguardando_envio")]


def teste_outro_conteudo_e_conflito() -> None:
    agendar_envio(ordem=uma_ordem())
    with pytest.raises(Conflito):
        agendar_envio(ordem=uma_ordem(metodo="boleto"))


def teste_entregue_nao_se_cancela() -> None:
    agendar_envio(ordem=uma_ordem())
    for _ in range(2):
        assert entregar_envio(pedido_id=1).status == "entregue"
    with pytest.raises(Conflito) as conflito:
        cancelar_envio(pedido_id=1)
    assert conflito.value.pedido_id == 1
    assert consultar_envio(pedido_id=1).status == "entregue"
    assert operacoes() == [("agendar_envio", "aguardando_envio"), ("entregar_envio", "entregue")]


def teste_cancelado_nao_se_entrega() -> None:
    agendar_envio(ordem=uma_ordem())
    for _ in range(2):
        assert cancelar_envio(pedido_id=1).status == "cancelado"
    with pytest.raises(Conflito) as conflito:
        entregar_envio(pedido_id=1)
    assert conflito.value.pedido_id == 1
    assert operacoes() == [("agendar_envio", "aguardando_envio"), ("cancelar_envio", "cancelado")]


def teste_entregar_ou_cancelar_um_envio_deixa_os_outros() -> None:
    for pedido_id in (1, 2, 3):
        assert agendar_envio(ordem=uma_ordem(pedido_id)).envio.pedido_id == pedido_id
    entregar_envio(pedido_id=2)
    cancelar_envio(pedido_id=3)
    status = [consultar_envio(pedido_id=pedido_id).status for pedido_id in (1, 2, 3)]
    assert status == ["aguardando_envio", "entregue", "cancelado"]


def teste_o_que_ja_saiu_ainda_se_entrega_ou_se_cancela() -> None:
    for pedido_id in (1, 2):
        agendar_envio(ordem=uma_ordem(pedido_id))
    Envio.objects.update(status="enviado")
    assert entregar_envio(pedido_id=1).status == "entregue"
    assert cancelar_envio(pedido_id=2).status == "cancelado"


def teste_lapide_recusa_o_que_chega_depois() -> None:
    lapide = cancelar_envio(pedido_id=9)
    assert (lapide.status, lapide.codigo_rastreamento) == ("cancelado", None)
    with pytest.raises(Recusado) as recusa:
        agendar_envio(ordem=uma_ordem(9))
    assert (recusa.value.codigo, recusa.value.pedido_id) == ("pedido_cancelado", 9)


def teste_entregar_o_que_nao_existe() -> None:
    with pytest.raises(NaoEncontrado) as falta:
        entregar_envio(pedido_id=5)
    assert falta.value.pedido_id == 5


def teste_um_commit_por_passo_e_nenhum_ao_repetir() -> None:
    assert commits(lambda: agendar_envio(ordem=uma_ordem())) == 1
    assert transacoes(lambda: agendar_envio(ordem=uma_ordem())) == 0


@pytest.mark.parametrize("status", ["aguardando_envio", "entregue"])
def teste_cancelar_com_a_impressao_de_outra_ordem_nao_toca_no_envio(status: str) -> None:
    antigo = agendar_envio(ordem=uma_ordem(metodo="boleto")).envio
    Envio.objects.update(status=status)
    resposta = cancelar_envio(pedido_id=1, impressao=uma_ordem().impressao)
    assert (resposta.status, resposta.codigo_rastreamento) == ("cancelado", None)
    assert consultar_envio(pedido_id=1) == replace(antigo, status=status)
    assert operacoes() == [("agendar_envio", "aguardando_envio")]


def teste_cancelar_com_a_impressao_da_ordem_cancela() -> None:
    agendar_envio(ordem=uma_ordem())
    assert cancelar_envio(pedido_id=1, impressao=uma_ordem().impressao).status == "cancelado"
    assert consultar_envio(pedido_id=1).status == "cancelado"
