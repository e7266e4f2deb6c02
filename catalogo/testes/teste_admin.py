"""O admin do catálogo: nome e preço se corrigem, e nenhum produto se apaga."""

from __future__ import annotations

from decimal import Decimal

import pytest

from catalogo.models import Produto
from ecommerce.operacoes.models import Operacao
from testes.apoio.enderecos_tortos import conferir_enderecos_tortos
from testes.apoio.paginas import alguem_da_equipe, conferir_que_nao_cresce

pytestmark = pytest.mark.django_db
PRODUTOS = "/admin/catalogo/produto/"


def povoar(de: int, ate: int) -> None:
    Produto.objects.bulk_create(
        Produto(pk=i, nome=f"Produto {i}", preco=Decimal("10.01"), estoque=5)
        for i in range(de, ate)
    )


@pytest.mark.parametrize("consulta", ["", "?q=1"])
def teste_a_pagina_nao_custa_mais_com_muitas_linhas(consulta: str) -> None:
    conferir_que_nao_cresce(PRODUTOS + consulta, povoar)


def teste_endereco_torto_nunca_e_erro_interno() -> None:
    povoar(1, 3)
    conferir_enderecos_tortos()


def teste_mudar_o_preco_registra_a_operacao_e_nao_mexe_no_estoque() -> None:
    povoar(1, 2)
    campos = {"nome": "Caneca", "preco": "1234,56", "estoque": "999"}
    alguem_da_equipe("view_produto", "change_produto").post(f"{PRODUTOS}1/change/", campos)
    produto = Produto.objects.get()
    assert (produto.nome, produto.preco, produto.estoque) == ("Caneca", Decimal("1234.56"), 5)
    assert Operacao.objects.get().operacao == "alterar_produto"


@pytest.mark.parametrize("preco", ["0", "-1", "1,234", "10000000000", "NaN", "", "abc"])
def teste_preco_que_nao_serve_e_recusado_no_formulario(preco: str) -> None:
    povoar(1, 2)
    resposta = alguem_da_equipe("view_produto", "change_produto").post(
        f"{PRODUTOS}1/change/", {"nome": "Caneca", "preco": preco}
    )
    assert resposta.status_code == 200
    assert "preco" in resposta.context["adminform"].form.errors
    assert Produto.objects.get().preco == Decimal("10.01")


def teste_produto_nao_se_apaga() -> None:
    povoar(1, 2)
    navegador = alguem_da_equipe(superusuario=True)
    assert navegador.post(f"{PRODUTOS}1/delete/", {"post": "yes"}).status_code == 403
    em_lote = {"action": "delete_selected", "_selected_action": ["1"], "post": "yes"}
    navegador.post(PRODUTOS, em_lote)
    assert Produto.objects.exists()
