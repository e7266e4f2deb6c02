"""O que a equipe pode fazer de um pedido pela API, e o que a página lhe oferece."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from pedidos.models import Cliente, Pedido
from testes.apoio.equipe import NO_NAVEGADOR
from testes.apoio.paginas import alguem_da_equipe

pytestmark = pytest.mark.django_db(transaction=True)
ACOES = ("cancelar", "retomar", "entregar")


@pytest.fixture
def pedido(db: None) -> Pedido:
    cliente = Cliente.objects.create(nome="Ana Souza", email="ana@exemplo.com")
    return Pedido.objects.create(
        cliente=cliente, valor_total=Decimal("10.00"), metodo="pix", status="enviado"
    )


@pytest.mark.parametrize(
    ("permissao", "oferecidas"),
    [("view_pedido", []), ("change_pedido", ["cancelar", "retomar", "entregar"])],
)
def teste_os_botoes_do_pedido_sao_os_do_que_se_pode(
    pedido: Pedido, permissao: str, oferecidas: list[str]
) -> None:
    pessoa, endereco = alguem_da_equipe(permissao), f"/pedidos/{pedido.pk}"
    pagina = pessoa.get(endereco, headers=NO_NAVEGADOR).text
    assert "ana" not in pagina
    assert [acao for acao in ACOES if f'{endereco}/{acao}"' in pagina] == oferecidas
    for acao in ACOES:
        pagina = pessoa.get(f"{endereco}/{acao}", headers=NO_NAVEGADOR).text
        assert (f'action="{endereco}/{acao}"' in pagina) == (acao in oferecidas)
        assert ("Esta página não se abre assim" in pagina) == (acao not in oferecidas)


def teste_do_pedido_que_nao_ha_nao_se_oferece_nada() -> None:
    pessoa = alguem_da_equipe("change_pedido")
    for pagina in (
        pessoa.get("/pedidos/99", headers=NO_NAVEGADOR),
        pessoa.post("/pedidos/99/cancelar", headers=NO_NAVEGADOR),
    ):
        assert pagina.status_code == 404
        assert "O pedido 99 não existe." in pagina.text
        assert "<form" not in pagina.text
        assert "/cancelar" not in pagina.text


def teste_quem_so_ve_nao_cancela(pedido: Pedido) -> None:
    for formato in ("text/html", "application/json"):
        resposta = alguem_da_equipe("view_pedido").post(
            f"/pedidos/{pedido.pk}/cancelar", headers={"Accept": formato}
        )
        assert resposta.status_code == 403
    pedido.refresh_from_db()
    assert pedido.status == "enviado"


@pytest.mark.parametrize(
    ("permissao", "corpo"),
    [("view_pedido", None), ("add_pedido", {"cliente_id", "itens", "metodo", "cartao"})],
)
def teste_options_diz_so_o_corpo_do_que_se_pode(permissao: str, corpo: set[str] | None) -> None:
    resposta = alguem_da_equipe(permissao).options("/pedidos")
    assert resposta.status_code == 200
    assert set(resposta.json().get("actions", {}).get("POST", ())) == (corpo or set())
    assert alguem_da_equipe().options("/pedidos").status_code == 403


def teste_options_responde_a_chave_que_pode_alguma_coisa_ali() -> None:
    da_loja = {"Authorization": "Bearer da-loja"}
    resposta = Client().options("/pedidos", headers=da_loja)
    assert "cliente_id" in resposta.json()["actions"]["POST"]
    assert Client().options("/pedidos/1/cancelar", headers=da_loja).status_code == 200
    assert Client().options("/pedidos/1/retomar", headers=da_loja).status_code == 403
    assert Client().options("/pedidos").status_code == 401


def teste_do_admin_se_faz_um_pedido_no_formulario_da_api() -> None:
    resposta = alguem_da_equipe("add_pedido").get("/admin/pedidos/pedido/fazer/")
    assert resposta.headers["Location"] == "/pedidos"
