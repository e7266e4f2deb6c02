"""O admin do catálogo: nome e preço se corrigem, e nenhum produto se apaga."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.test import Client

from catalogo.models import Produto
from ecommerce.operacoes.models import Operacao
from testes.apoio.enderecos_tortos import conferir_enderecos_tortos
from testes.apoio.idioma import conferir_que_tudo_esta_em_portugues
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


@pytest.mark.django_db(transaction=True)
def teste_todas_as_paginas_estao_em_portugues() -> None:
    povoar(1, 3)
    conferir_que_tudo_esta_em_portugues("/", "/operacoes", "/produtos", "/precos?id=1")


def teste_mudar_o_preco_registra_a_operacao_e_nao_mexe_no_estoque() -> None:
    povoar(1, 2)
    campos = {"nome": "Caneca", "preco": " 1.234,56 ", "estoque": "999"}
    alguem_da_equipe("view_produto", "change_produto").post(f"{PRODUTOS}1/change/", campos)
    produto = Produto.objects.get()
    assert (produto.nome, produto.preco, produto.estoque) == ("Caneca", Decimal("1234.56"), 5)
    assert Operacao.objects.get().operacao == "alterar_produto"


@pytest.fixture
def equipe(db: None) -> Client:
    povoar(1, 2)
    return alguem_da_equipe("view_produto", "change_produto")


@pytest.mark.parametrize(
    "preco",
    [
        *("0", "-1", "1000000", "1,234", "10000000000", "NaN", "", "abc"),
        *("1e2", "12.50", "1.23,4", "1,2,3", "1.234.5", "١"),
    ],
)
def teste_preco_que_nao_serve_e_recusado_no_formulario(equipe: Client, preco: str) -> None:
    resposta = equipe.post(f"{PRODUTOS}1/change/", {"nome": "Caneca", "preco": preco})
    assert resposta.status_code == 200
    assert "preco" in resposta.context["adminform"].form.errors
    assert Produto.objects.get().preco == Decimal("10.01")


@pytest.mark.parametrize(
    ("nome", "guardado"), [(" Pa\u0303o ", "Pão"), ("e\u0301" * 120, "é" * 120), ("ÿ", "ÿ")]
)
def teste_o_nome_se_guarda_normalizado(nome: str, guardado: str) -> None:
    navegador = alguem_da_equipe("view_produto", "add_produto")
    navegador.post(f"{PRODUTOS}add/", {"nome": nome, "preco": "1,00"})
    assert Produto.objects.get().nome == guardado


@pytest.mark.parametrize("nome", ["", " ", "x" * 121, "Caneca – azul", "Caneca\x7f", "Caneca\0"])
def teste_um_nome_que_a_nota_nao_comporta_e_recusado_no_formulario(nome: str) -> None:
    navegador = alguem_da_equipe("view_produto", "add_produto")
    resposta = navegador.post(f"{PRODUTOS}add/", {"nome": nome, "preco": "1,00"})
    assert list(resposta.context["adminform"].form.errors) == ["nome"]
    assert not Produto.objects.exists()


def teste_preco_se_digita_como_se_mostra(equipe: Client) -> None:
    for digitado, em_reais in (("1.234,5", "1234.50"), ("999.999,99", "999999.99"), ("7", "7")):
        equipe.post(f"{PRODUTOS}1/change/", {"nome": "Caneca", "preco": digitado})
        assert Produto.objects.get().preco == Decimal(em_reais)
    Produto.objects.update(preco=Decimal("1234.50"))
    assert 'value="1.234,50"' in equipe.get(f"{PRODUTOS}1/change/").text
    caro = equipe.post(f"{PRODUTOS}1/change/", {"nome": "Caneca", "preco": "1.000.000"})
    assert "Deve ser de 0,01 a 999.999,99." in caro.text
    assert 'value="1.000.000"' in caro.text


def teste_as_datas_tem_um_formato_so(equipe: Client) -> None:
    Produto.objects.update(estoque_em=datetime(2026, 11, 23, 15, 4, 5, tzinfo=UTC))
    for pagina in ("", "1/change/"):
        assert "23/11/2026 12:04:05" in equipe.get(PRODUTOS + pagina).text


def teste_produto_nao_se_apaga() -> None:
    povoar(1, 2)
    navegador = alguem_da_equipe(superusuario=True)
    assert navegador.post(f"{PRODUTOS}1/delete/", {"post": "yes"}).status_code == 403
    em_lote = {"action": "delete_selected", "_selected_action": ["1"], "post": "yes"}
    navegador.post(PRODUTOS, em_lote)
    assert Produto.objects.exists()
