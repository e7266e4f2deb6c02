"""O que uma pessoa da equipe faz no navegador, num Chromium de verdade."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from laboratorio.sistema.processos import CHAVES, Sistema
from testes.apoio.compras import comprar, corpo

ESPERA_MS = 10_000


@pytest.fixture
def pagina(chromium: Browser, sistema: Sistema) -> Iterator[Page]:
    """Uma página de quem ainda não entrou em serviço nenhum; falha se ela pede algo de fora."""
    de_casa = re.compile(rf"http://127\.0\.0\.1:{str(sistema.porta_base)[:-1]}\d/|data:|blob:")
    de_fora: list[str] = []
    contexto = chromium.new_context(viewport={"width": 1500, "height": 950}, locale="pt-BR")
    contexto.set_default_timeout(ESPERA_MS)
    contexto.on("request", lambda pedido: _anotar(de_fora, de_casa, pedido.url))
    yield contexto.new_page()
    contexto.close()
    assert de_fora == []


def _anotar(de_fora: list[str], de_casa: re.Pattern[str], url: str) -> None:
    if not de_casa.match(url):
        de_fora.append(url)


@pytest.fixture
def pedido_id(sistema: Sistema) -> int:
    sistema.pedir("POST", "estoque", "/estoque/1/entrada", chave="interna", json={"quantidade": 10})
    resposta = comprar(sistema, corpo())
    assert resposta.status_code == 201, resposta.text
    return int(resposta.json()["id"])


@pytest.fixture
def entrar(pagina: Page) -> Callable[[], None]:
    """Preenche a página de login em que se está."""

    def preencher() -> None:
        pagina.get_by_label("Usuário").fill("admin")
        pagina.get_by_label("Senha").fill(CHAVES["ADMIN_SENHA"])
        pagina.locator("[type=submit]").click()

    return preencher


def teste_do_pedido_ao_pagamento_em_outro_admin_e_de_volta(
    sistema: Sistema, pagina: Page, entrar: Callable[[], None], pedido_id: int
) -> None:
    pagina.goto(f"{sistema.url('pedidos')}/admin/pedidos/pedido/")
    entrar()
    pagina.get_by_role("link", name=str(pedido_id), exact=True).click()
    expect(pagina.get_by_text("criar pedido")).to_be_visible()
    pagina.get_by_role("link", name="ver em pagamentos").click()
    entrar()  # a sessão de cada serviço é só dele
    expect(pagina).to_have_url(
        f"{sistema.url('pagamentos')}/admin/pagamentos/pagamento/{pedido_id}/change/"
    )
    expect(pagina.get_by_text("processar pagamento")).to_be_visible()
    pagina.get_by_role("link", name=f"Pedido {pedido_id}", exact=True).click()
    expect(pagina).to_have_url(f"{sistema.url('pedidos')}/admin/pedidos/pedido/{pedido_id}/change/")


def teste_cancelar_na_pagina_do_pedido_estorna_o_pagamento(
    sistema: Sistema, pagina: Page, entrar: Callable[[], None], pedido_id: int
) -> None:
    pagina.goto(f"{sistema.url('pedidos')}/admin/pedidos/pedido/{pedido_id}/change/")
    entrar()
    pagina.get_by_role("link", name="Cancelar").click()
    assert sistema.ler("pagamentos", f"/pagamentos/{pedido_id}")["status"] == "aprovado"
    pagina.get_by_role("button", name="Sim, cancelar").click()
    expect(pagina.get_by_text(f"Pedido {pedido_id}: cancelado.")).to_be_visible()
    assert sistema.ler("pagamentos", f"/pagamentos/{pedido_id}")["status"] == "estornado"
    assert sistema.ler("estoque", f"/separacoes/{pedido_id}")["status"] == "liberado"


def teste_marcar_como_entregue_em_lote(
    sistema: Sistema, pagina: Page, entrar: Callable[[], None], pedido_id: int
) -> None:
    pagina.goto(f"{sistema.url('pedidos')}/admin/pedidos/pedido/?q={pedido_id}")
    entrar()
    pagina.locator("input.action-select").check()
    pagina.locator("select[name=action]").select_option("entregar_selecionados")
    pagina.locator("button[name=index]").click()
    pagina.get_by_role("button", name="Sim, marcar como entregue").click()
    expect(pagina.get_by_text(f"Pedido {pedido_id}: entregue.")).to_be_visible()
    assert sistema.ler("logistica", f"/envios/{pedido_id}")["status"] == "entregue"


@pytest.mark.usefixtures("pedido_id")
def teste_comprar_a_mao_na_api_navegavel(
    sistema: Sistema, pagina: Page, entrar: Callable[[], None]
) -> None:
    pagina.goto(f"{sistema.url('pedidos')}/pedidos")
    pagina.get_by_role("link", name="Entrar").click()
    entrar()
    produto = pagina.get_by_label("Produto 2")
    produto.select_option("1")
    pagina.get_by_label("Quantidade 2").fill("2")
    pagina.get_by_role("button", name="Enviar").click()
    expect(pagina.get_by_text("Este campo é obrigatório.").first).to_be_visible()
    pagina.locator("[name=cliente_id]").fill("1")
    pagina.get_by_role("button", name="Enviar").click()
    expect(pagina.locator(".response-info")).to_contain_text("HTTP 201 Created")
    expect(pagina.locator(".response-info")).to_contain_text('"status": "enviado"')


@pytest.mark.parametrize("servico", ["pedidos", "catalogo"])
def teste_a_documentacao_mostra_as_operacoes_sem_nada_de_fora(
    sistema: Sistema, pagina: Page, servico: str
) -> None:
    pagina.goto(f"{sistema.url(servico)}/api/docs", wait_until="networkidle")
    expect(pagina.locator(".opblock").first).to_be_visible()
    expect(pagina.locator(".title")).to_contain_text(f"API de {servico}")


@pytest.mark.parametrize(
    ("servico", "caminho"),
    [
        ("pedidos", "/"),
        ("pedidos", "/clientes"),
        ("pedidos", "/operacoes"),
        ("pagamentos", "/pagamentos"),
        ("estoque", "/estoque"),
        ("estoque", "/estoque/separar"),
        ("estoque", "/estoque/liberar"),
        ("estoque", "/estoque/1/entrada"),
        ("estoque", "/separacoes"),
        ("fiscal", "/notas"),
        ("logistica", "/envios"),
        ("catalogo", "/produtos"),
        ("catalogo", "/precos?id=1"),
        ("catalogo", "/saude"),
    ],
)
def teste_toda_pagina_da_api_se_mostra(sistema: Sistema, servico: str, caminho: str) -> None:
    como_navegador = {"Accept": "text/html"}
    resposta = sistema.pedir("GET", servico, caminho, chave="interna", headers=como_navegador)
    assert resposta.status_code in (200, 405)
    assert "<title>" in resposta.text
    assert "Lists are not currently supported" not in resposta.text
