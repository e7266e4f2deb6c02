"""O admin de pedidos: ler sem estragar, e as ações por POST confirmado."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from ecommerce.operacoes.models import Operacao
from pedidos.models import Cliente, Pedido
from pedidos.testes.teste_listas_do_admin import povoar
from testes.apoio.paginas import alguem_da_equipe, conferir_que_so_se_le

pytestmark = pytest.mark.django_db
PEDIDOS = "/admin/pedidos/pedido/"
CLIENTES = "/admin/pedidos/cliente/"
SEM_NINGUEM = "http://127.0.0.1:9"  # a porta do protocolo discard, em que ninguém escuta
# uma ação no admin chama outro serviço, o que não se faz dentro da transação de um teste
sem_transacao = pytest.mark.django_db(transaction=True)


@pytest.fixture
def um_pedido() -> Pedido:
    povoar(1, 2)
    return Pedido.objects.get()


@pytest.fixture
def equipe(db: None) -> Client:
    return alguem_da_equipe("view_pedido", "change_pedido")


@pytest.fixture
def sem_servicos(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGAMENTOS_REST_URL", SEM_NINGUEM)
    monkeypatch.setenv("LOGISTICA_REST_URL", SEM_NINGUEM)


def teste_o_pedido_mostra_itens_operacoes_e_o_caminho_sem_os_segredos(
    equipe: Client, um_pedido: Pedido
) -> None:
    pagina = equipe.get(f"{PEDIDOS}{um_pedido.pk}/change/").text
    for visivel in ("Cliente 1", "Caneca", "R$\xa020,00", "criar pedido", "aguardando envio"):
        assert visivel in pagina
    for destino in (
        "pagamentos/pagamento",
        "estoque/separacao",
        "fiscal/nota",
        "logistica/envio",
    ):
        assert f"/admin/{destino}/{um_pedido.pk}/change/" in pagina
    assert "segredo" not in pagina
    assert "segredo" not in equipe.get(PEDIDOS).text


def teste_pedidos_so_se_leem(um_pedido: Pedido) -> None:
    conferir_que_so_se_le(Pedido, um_pedido.pk)


def teste_operacoes_so_se_leem(um_pedido: Pedido) -> None:
    conferir_que_so_se_le(Operacao, Operacao.objects.get().pk)


def teste_sem_permissao_nao_se_ve_nem_se_age(um_pedido: Pedido) -> None:
    assert alguem_da_equipe().get(PEDIDOS).status_code == 403
    so_ve = alguem_da_equipe("view_pedido")
    pagina = so_ve.get(f"{PEDIDOS}{um_pedido.pk}/change/").text
    assert "Fechar" in pagina
    assert "Cancelar" not in pagina
    for acao in ("cancelar", "retomar", "entregar"):
        resposta = so_ve.post(f"{PEDIDOS}{um_pedido.pk}/{acao}/", {"confirmado": "sim"})
        assert resposta.status_code == 403


@pytest.mark.parametrize("acao", ["cancelar", "retomar", "entregar"])
def teste_get_so_pergunta(equipe: Client, um_pedido: Pedido, acao: str) -> None:
    resposta = equipe.get(f"{PEDIDOS}{um_pedido.pk}/{acao}/", {"confirmado": "sim"})
    assert "csrfmiddlewaretoken" in resposta.text
    um_pedido.refresh_from_db()
    assert um_pedido.status == "enviado"


def teste_post_sem_csrf_e_recusado(um_pedido: Pedido) -> None:
    navegador = Client(enforce_csrf_checks=True)
    navegador.cookies = alguem_da_equipe(superusuario=True).cookies
    resposta = navegador.post(f"{PEDIDOS}{um_pedido.pk}/cancelar/", {"confirmado": "sim"})
    assert resposta.status_code == 403
    um_pedido.refresh_from_db()
    assert um_pedido.status == "enviado"


def teste_so_se_oferece_o_que_cabe_no_status(equipe: Client, um_pedido: Pedido) -> None:
    def oferecidas() -> list[str]:
        contexto = equipe.get(f"{PEDIDOS}{um_pedido.pk}/change/").context
        return [acao["title"] for acao in contexto["actions_detail"]]

    assert oferecidas() == ["Marcar como entregue", "Cancelar"]
    Pedido.objects.update(status="pendente")
    assert oferecidas() == ["Retomar", "Cancelar"]
    Pedido.objects.update(status="entregue")
    assert oferecidas() == []


@sem_transacao
@pytest.mark.usefixtures("sem_servicos")
def teste_cancelar_sem_pagamentos_deixa_cancelando_e_avisa(
    equipe: Client, um_pedido: Pedido
) -> None:
    url = f"{PEDIDOS}{um_pedido.pk}/cancelar/"
    resposta = equipe.post(url, {"confirmado": "sim"}, follow=True)
    um_pedido.refresh_from_db()
    assert um_pedido.status == "cancelando"
    assert "será levado ao fim sozinho" in resposta.text
    assert LogEntry.objects.get().change_message == "Cancelar: cancelando."


@sem_transacao
@pytest.mark.usefixtures("sem_servicos")
def teste_entregar_sem_logistica_nao_muda_nada_e_avisa(equipe: Client, um_pedido: Pedido) -> None:
    url = f"{PEDIDOS}{um_pedido.pk}/entregar/"
    resposta = equipe.post(url, {"confirmado": "sim"}, follow=True)
    um_pedido.refresh_from_db()
    assert um_pedido.status == "enviado"
    assert "O serviço logistica não atende agora." in resposta.text


@sem_transacao
def teste_conflito_vira_mensagem(equipe: Client, um_pedido: Pedido) -> None:
    Pedido.objects.update(status="entregue")
    url = f"{PEDIDOS}{um_pedido.pk}/cancelar/"
    resposta = equipe.post(url, {"confirmado": "sim"}, follow=True)
    assert resposta.status_code == 200
    assert "O pedido já foi entregue." in resposta.text


@sem_transacao
@pytest.mark.usefixtures("sem_servicos")
def teste_em_lote_pergunta_e_so_entao_cancela_os_marcados(equipe: Client) -> None:
    povoar(1, 4)
    marcados = {"action": "cancelar_selecionados", "_selected_action": ["1", "3"]}
    pergunta = equipe.post(PEDIDOS, marcados | {"select_across": "1"})
    assert "os pedidos 1, 3?" in pergunta.text
    assert not Pedido.objects.filter(status="cancelando").exists()
    equipe.post(PEDIDOS, marcados | {"confirmado": "sim", "select_across": "1"})
    assert list(Pedido.objects.filter(status="cancelando").values_list("pk", flat=True)) == [3, 1]


def teste_acao_sobre_pedido_que_nao_ha_volta_com_mensagem(equipe: Client) -> None:
    resposta = equipe.post(f"{PEDIDOS}99/cancelar/", {"confirmado": "sim"}, follow=True)
    assert resposta.status_code == 200


@pytest.fixture
def cadastro() -> Callable[[dict[str, str]], str]:
    navegador = alguem_da_equipe("view_cliente", "add_cliente", "change_cliente", "delete_cliente")

    def salvar(campos: dict[str, str]) -> str:
        return str(navegador.post(f"{CLIENTES}add/", campos, follow=True).text)

    return salvar


def teste_cliente_novo_guarda_o_email_em_minusculas_e_registra_a_operacao(
    cadastro: Callable[[dict[str, str]], str],
) -> None:
    cadastro({"nome": "Bia Reis", "email": "Bia@Exemplo.com"})
    assert Cliente.objects.get().email == "bia@exemplo.com"
    assert Operacao.objects.get().operacao == "cadastrar_cliente"


def teste_cliente_que_a_nota_nao_aceitaria_e_recusado(
    cadastro: Callable[[dict[str, str]], str],
) -> None:
    povoar(1, 2)
    cadastro({"nome": "B", "email": "b@exemplo.com"})
    cadastro({"nome": "Outra", "email": "C1@exemplo.com"})
    assert Cliente.objects.count() == 1


def teste_so_se_apaga_cliente_sem_pedidos(um_pedido: Pedido) -> None:
    navegador = alguem_da_equipe("view_cliente", "change_cliente", "delete_cliente")
    sem_pedidos = Cliente.objects.create(nome="Sem pedidos", email="sem@exemplo.com")
    for cliente, codigo in ((um_pedido.cliente, 403), (sem_pedidos, 302)):
        resposta = navegador.post(f"{CLIENTES}{cliente.pk}/delete/", {"post": "yes"})
        assert resposta.status_code == codigo
    em_lote = {"action": "delete_selected", "_selected_action": [str(um_pedido.cliente_id)]}
    navegador.post(CLIENTES, em_lote | {"post": "yes"})
    assert list(Cliente.objects.all()) == [um_pedido.cliente]
