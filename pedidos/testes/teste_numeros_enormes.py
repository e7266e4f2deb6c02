"""No admin, um número que não cabe em 64 bits não acha nada, e não derruba a página."""

from __future__ import annotations

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME

from testes.apoio.paginas import alguem_da_equipe

pytestmark = pytest.mark.django_db
PEDIDOS = "/admin/pedidos/pedido/"
ENORMES = [str(2**63), "9" * 30, "0" * 20 + "9" * 30, "0" * 20 + "9" * 5000]


@pytest.mark.parametrize("enorme", ENORMES)
def teste_a_busca_nao_acha_nada(enorme: str) -> None:
    pagina = alguem_da_equipe("view_pedido").get(PEDIDOS, {"q": enorme})
    assert pagina.status_code == 200
    assert not pagina.context["cl"].result_list


@pytest.mark.parametrize("enorme", ENORMES[:3])
def teste_a_acao_nao_alcanca_ninguem(enorme: str) -> None:
    acao = {"action": "cancelar_selecionados", ACTION_CHECKBOX_NAME: [enorme], "confirmado": "sim"}
    equipe = alguem_da_equipe("view_pedido", "change_pedido")
    assert equipe.post(PEDIDOS, acao).status_code == 302
