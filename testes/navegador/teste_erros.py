"""As páginas de erro num Chromium de verdade: leem-se em qualquer tela, e dizem para onde ir."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from laboratorio.sistema.processos import CHAVES, Sistema

ENDERECO_LONGO = "a" * 5_000  # passa do que o gunicorn lê


@pytest.fixture(params=["light", "dark"])
def pagina(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Uma página estreita, no esquema de cores claro e no escuro."""
    contexto = chromium.new_context(
        viewport={"width": 320, "height": 640}, color_scheme=request.param, locale="pt-BR"
    )
    yield contexto.new_page()
    contexto.close()


@pytest.mark.parametrize("caminho", ["/nao-ha", "/pedidos", f"/{ENDERECO_LONGO}"])
def teste_a_pagina_de_erro_cabe_numa_tela_estreita_e_segue_o_esquema_de_cores(
    sistema: Sistema, pagina: Page, caminho: str
) -> None:
    pagina.goto(sistema.url("pedidos") + caminho)
    assert pagina.evaluate("document.documentElement.scrollWidth") <= 320
    fundo = pagina.evaluate("getComputedStyle(document.body).backgroundColor")
    escuro = pagina.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    assert fundo == ("rgb(18, 22, 28)" if escuro else "rgb(248, 249, 251)")
    expect(pagina.get_by_role("heading")).to_have_count(1)


def teste_da_pagina_de_erro_se_entra_e_se_volta_a_onde_se_ia(
    sistema: Sistema, pagina: Page
) -> None:
    pagina.goto(f"{sistema.url('pedidos')}/pedidos?status=enviado")
    expect(pagina.get_by_role("heading", name="Entre para continuar")).to_be_visible()
    pagina.get_by_role("link", name="Entrar").click()
    pagina.get_by_label("Usuário").fill("admin")
    pagina.get_by_label("Senha").fill(CHAVES["ADMIN_SENHA"])
    pagina.locator("[type=submit]").click()
    expect(pagina).to_have_url(f"{sistema.url('pedidos')}/pedidos?status=enviado")
    expect(pagina.get_by_role("heading", name="Pedidos")).to_be_visible()
