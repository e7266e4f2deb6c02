"""As mensagens da cadeia: o que é, e o que não é, o mesmo pedido outra vez."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ecommerce.contratos.cadeia_pb2 import DesfazerRequest
from ecommerce.erros import EntradaInvalida
from ecommerce.mensagens import Cliente, Item
from ecommerce.transporte.grpc.mensagens import desfazer_de
from testes.apoio.exemplos import uma_ordem


def teste_corrigir_nome_ou_email_nao_faz_outro_pedido() -> None:
    corrigida = uma_ordem(cliente=Cliente(1, "Ana de Souza", "ana.souza@exemplo.com"))
    assert corrigida.impressao == uma_ordem().impressao


def teste_o_que_se_compra_e_se_paga_faz_outro_pedido() -> None:
    item = Item(1, "Caneca", 1, Decimal("35.00"))
    outras = [
        uma_ordem(2),
        uma_ordem(cliente=Cliente(2, "Ana Souza", "ana@exemplo.com")),
        uma_ordem(metodo="boleto"),
        uma_ordem(metodo="cartao_credito", token_cartao="tok_aprovado"),
        uma_ordem(itens=(item,)),
    ]
    assert len({uma_ordem().impressao, *(outra.impressao for outra in outras)}) == 6


@pytest.mark.parametrize("torta", ["", "A" * 64, "a" * 63, "a" * 64 + "\n", "z" * 64])
def teste_desfazer_por_grpc_recusa_o_que_nao_e_uma_impressao(torta: str) -> None:
    certa = uma_ordem().impressao
    assert desfazer_de(DesfazerRequest(pedido_id=1, impressao=certa))["impressao"] == certa
    assert desfazer_de(DesfazerRequest(pedido_id=1))["impressao"] is None
    with pytest.raises(EntradaInvalida) as erro:
        desfazer_de(DesfazerRequest(pedido_id=1, impressao=torta))
    assert list(erro.value.erros) == ["impressao"]
