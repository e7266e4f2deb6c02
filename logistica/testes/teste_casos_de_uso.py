"""Logística: um envio por pedido; entregue não se cancela, cancelado não se entrega."""

from __future__ import annotations

import pytest

from ecommerce.erros import Conflito, NaoEncontrado, Recusado
from ecommerce.operacoes.models import Operacao
from logistica.casos_de_uso import agendar_envio, cancelar_envio, consultar_envio, entregar_envio
from logistica.dominio import codigo_rastreamento, digito_s10
from testes.apoio.exemplos import commits, uma_ordem

pytestmark = pytest.mark.django_db(transaction=True)


def teste_digito_da_upu() -> None:
    assert digito_s10("47312482") == 9  # o exemplo da própria norma
    assert digito_s10("00000000") == 5


def teste_codigo_tem_a_forma_s10_e_nao_se_repete() -> None:
    codigos = {codigo_rastreamento(n) for n in (1, 2, 99_999_999, 100_000_000, 100_000_001)}
    assert len(codigos) == 5
    assert codigo_rastreamento(47312482) == "PA473124829BR"


def teste_agendar_duas_vezes_e_um_envio_so() -> None:
    primeiro = agendar_envio(ordem=uma_ordem())
    assert agendar_envio(ordem=uma_ordem()) == primeiro
    assert primeiro.envio.status == "aguardando_envio"
    assert Operacao.objects.count() == 1


def teste_outro_conteudo_e_conflito() -> None:
    agendar_envio(ordem=uma_ordem())
    with pytest.raises(Conflito):
        agendar_envio(ordem=uma_ordem(metodo="boleto"))


def teste_entregue_nao_se_cancela() -> None:
    agendar_envio(ordem=uma_ordem())
    for _ in range(2):
        assert entregar_envio(pedido_id=1).status == "entregue"
    with pytest.raises(Conflito):
        cancelar_envio(pedido_id=1)
    assert consultar_envio(pedido_id=1).status == "entregue"


def teste_cancelado_nao_se_entrega() -> None:
    agendar_envio(ordem=uma_ordem())
    for _ in range(2):
        assert cancelar_envio(pedido_id=1).status == "cancelado"
    with pytest.raises(Conflito):
        entregar_envio(pedido_id=1)
    assert Operacao.objects.filter(operacao="cancelar_envio").count() == 1


def teste_lapide_recusa_o_que_chega_depois() -> None:
    lapide = cancelar_envio(pedido_id=9)
    assert (lapide.status, lapide.codigo_rastreamento) == ("cancelado", None)
    with pytest.raises(Recusado) as recusa:
        agendar_envio(ordem=uma_ordem(9))
    assert recusa.value.codigo == "pedido_cancelado"


def teste_entregar_o_que_nao_existe() -> None:
    with pytest.raises(NaoEncontrado):
        entregar_envio(pedido_id=5)


def teste_um_commit_por_passo_e_nenhum_ao_repetir() -> None:
    assert commits(lambda: agendar_envio(ordem=uma_ordem())) == 1
    assert commits(lambda: agendar_envio(ordem=uma_ordem())) == 0
