"""A API no navegador: o formulário de compra, os erros junto dos campos, e o JSON tão estrito."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from pedidos.models import Cliente, Pedido
from testes.apoio.paginas import alguem_da_equipe

pytestmark = pytest.mark.django_db(transaction=True)
SEM_NINGUEM = "http://127.0.0.1:9"  # a porta do protocolo discard, em que ninguém escuta
NO_NAVEGADOR = {"Accept": "text/html"}


@pytest.fixture(autouse=True)
def sem_catalogo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CATALOGO_REST_URL", SEM_NINGUEM)


@pytest.fixture
def equipe(db: None) -> Client:
    return alguem_da_equipe("view_pedido", "add_pedido", "change_pedido", "add_cliente")


def enviar(navegador: Client, **campos: str) -> Any:
    """Envia o formulário de compra como o navegador: tudo é texto, e o vazio também vai."""
    vazio = {f"itens[{i}]{campo}": "" for i in range(5) for campo in ("produto_id", "quantidade")}
    base = {"cliente_id": "1", "metodo": "pix", "cartao.token": ""}
    return navegador.post("/pedidos", vazio | base | campos, headers=NO_NAVEGADOR)


def teste_sem_catalogo_o_produto_se_digita(equipe: Client) -> None:
    pagina = equipe.get("/pedidos", headers=NO_NAVEGADOR).text
    assert '<input class="form-control" type="number" name="itens[4]produto_id"' in pagina
    assert "Lists are not currently supported" not in pagina


def teste_linhas_em_branco_nao_contam_e_a_falta_de_resposta_mantem_o_que_se_digitou(
    equipe: Client,
) -> None:
    Cliente.objects.create(pk=1, nome="Ana Souza", email="ana@exemplo.com")
    itens = {"itens[0]produto_id": "3", "itens[3]produto_id": "5"}
    quantidades = {"itens[0]quantidade": "2", "itens[3]quantidade": "1"}
    resposta = enviar(equipe, **itens, **quantidades)
    assert resposta.status_code == 503  # chegou a perguntar os preços: a entrada serviu
    assert 'name="itens[1]produto_id" value="5"' in resposta.text
    assert "O serviço catalogo não atende agora." in resposta.text


def teste_erros_do_dominio_aparecem_junto_dos_campos(equipe: Client) -> None:
    itens = {f"itens[{i}]produto_id": "3" for i in range(2)}
    quantidades = {f"itens[{i}]quantidade": "1" for i in range(2)}
    resposta = enviar(equipe, **itens, **quantidades, **{"cartao.token": "tok_aprovado"})
    assert resposta.status_code == 400
    celulas = resposta.text.split('name="itens[1]produto_id"')[1].split("</td>")[0]
    assert "Produto repetido no pedido." in celulas
    cartao = resposta.text.split('name="cartao.token"')[1].split("</form>")[0]
    assert "Só acompanha o método cartao_credito." in cartao


def teste_formulario_em_branco_diz_o_que_falta(equipe: Client) -> None:
    resposta = enviar(equipe, cliente_id="")
    assert resposta.status_code == 400
    assert set(resposta.data["erros"]) == {"cliente_id", "itens"}


def teste_no_json_texto_continua_nao_sendo_numero(equipe: Client) -> None:
    pedido = {"cliente_id": "1", "itens": [{"produto_id": 1, "quantidade": 1}], "metodo": "pix"}
    resposta = equipe.post("/pedidos", pedido, content_type="application/json")
    assert set(resposta.json()["erros"]) == {"cliente_id"}


def teste_o_erro_de_um_caso_de_uso_aparece_junto_do_campo(equipe: Client) -> None:
    campos = {"nome": "Ana Souza", "email": "ana@exemplo.com"}
    assert equipe.post("/clientes", campos, headers=NO_NAVEGADOR).status_code == 201
    resposta = equipe.post("/clientes", campos, headers=NO_NAVEGADOR)
    email = resposta.text.split('name="email"')[1].split("</form>")[0]
    assert "Já há um cliente com este e-mail." in email


def teste_acao_sem_corpo_e_so_um_botao(equipe: Client) -> None:
    pagina = equipe.get("/pedidos/1/cancelar", headers=NO_NAVEGADOR).text
    formulario = pagina.split('id="formulario"')[1].split("</form>")[0]
    assert formulario.count("<input") == 1  # o do CSRF
    assert "<button" in formulario
    assert "textarea" not in pagina


def teste_sem_csrf_o_formulario_e_recusado() -> None:
    navegador = Client(enforce_csrf_checks=True)
    navegador.cookies = alguem_da_equipe("add_pedido").cookies
    assert enviar(navegador).status_code == 403
    assert not Pedido.objects.exists()


@pytest.mark.parametrize("da_equipe", [False, None])
def teste_quem_nao_e_da_equipe_nao_recebe_formulario(da_equipe: bool | None) -> None:
    navegador = Client()
    if da_equipe is not None:
        navegador.force_login(User.objects.create_user("de-fora"))
    pagina = navegador.get("/pedidos", headers=NO_NAVEGADOR)
    assert pagina.status_code in (401, 403)
    assert 'name="cliente_id"' not in pagina.text
    assert "/admin/login/?next=/pedidos" in pagina.text
