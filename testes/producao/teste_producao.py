"""Em produção, atrás de um nginx de verdade: o que docs/producao.md diz, dos dois modos."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, BrowserContext, Page, expect

from ecommerce.servicos import SERVICOS
from laboratorio.sistema.processos import CHAVES, Sistema, porta_base_livre, preparar_bancos
from testes.apoio.compras import corpo
from testes.apoio.nginx import HOST, Nginx, de_fora, preparar_nginx

ESPERA_MS = 15_000
UM_ANO = "max-age=31536000"


@dataclass
class Loja:
    """O sistema em produção com o nginx na frente, um produto cadastrado e um navegador."""

    sistema: Sistema
    nginx: Nginx
    navegador: BrowserContext
    primeiro_pedido: list[Any]

    def pedir(self, metodo: str, servico: str, caminho: str, **opcoes: Any) -> requests.Response:
        """De fora e por https; `origem` e `chave` dizem de onde e com que chave."""
        de_quem = {nome: opcoes.pop(nome) for nome in ("origem", "chave") if nome in opcoes}
        with de_fora(self.nginx, **de_quem) as http:
            url = self.nginx.url(servico) + caminho
            return http.request(metodo, url, timeout=30, allow_redirects=False, **opcoes)

    def pedir_sem_proxy(self, caminho: str, origem: str, **ditos: str) -> requests.Response:
        """Direto a pagamentos, com os X-Forwarded-* dados."""
        cabecalhos = {f"X-Forwarded-{nome}": dito for nome, dito in ditos.items()}
        with de_fora(self.nginx, origem) as http:
            url = self.sistema.url("pagamentos") + caminho
            return http.get(url, timeout=30, allow_redirects=False, headers=cabecalhos)


@pytest.fixture(scope="module", params=["por dentro", "por https"])
def loja(
    request: pytest.FixtureRequest, chromium: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Loja]:
    sistema = Sistema(tmp_path_factory.mktemp("producao"))
    nginx = preparar_nginx(tmp_path_factory.mktemp("nginx"), porta_base_livre(), sistema.porta_base)
    sistema.variaveis = nginx.variaveis("PRODUCAO=1")
    if request.param == "por https":  # nesta máquina, só localhost se acha sem o DNS
        internas = nginx.variaveis("PEDIDOS_REST_URL")
        sistema.variaveis |= {n: valor.replace(HOST, "localhost") for n, valor in internas.items()}
    processo = nginx.iniciar()
    navegador = chromium.new_context(ignore_https_errors=True, locale="pt-BR")
    navegador.set_default_timeout(ESPERA_MS)
    try:
        preparar_bancos(sistema.ambiente)
        sistema.iniciar()
        cadastrar_produto(navegador.new_page(), nginx)
        yield Loja(sistema, nginx, navegador, primeiros_dados(nginx))
    finally:
        navegador.close()
        sistema.encerrar()
        processo.terminate()
        processo.wait(10)


def entrar(pagina: Page) -> None:
    pagina.get_by_label("Usuário").fill("admin")
    pagina.get_by_label("Senha").fill(CHAVES["ADMIN_SENHA"])
    pagina.locator("[type=submit]").click()


def cadastrar_produto(pagina: Page, nginx: Nginx) -> None:
    """O primeiro produto, no admin do catálogo."""
    pagina.goto(f"{nginx.url('catalogo')}/admin/catalogo/produto/add/")
    entrar(pagina)
    pagina.locator("[name=nome]").fill("Caneca")
    pagina.locator("[name=preco]").fill("12,90")
    pagina.locator("[name=_save]").click()
    expect(pagina.get_by_role("link", name="Caneca", exact=True).first).to_be_visible()


def primeiros_dados(nginx: Nginx) -> list[Any]:
    """O que respondem os comandos da documentação: a entrada, o cliente e o pedido."""
    pasta = nginx.pasta
    (pasta / ".env").write_text("".join(f"{n}={v}\n" for n, v in CHAVES.items()), encoding="utf-8")
    resolver = f'connect-to = "{HOST}::127.0.0.1:"\nwrite-out = "\\n"\n'
    (pasta / ".curlrc").write_text(f'{resolver}cacert = "{nginx.certificado.autoridade}"\n')
    saida = subprocess.check_output(
        ["sh", "-ec", nginx.bloco("set -a; . ./.env; set +a\ncurl -sS https")],
        cwd=pasta,
        env={"PATH": "/usr/bin:/bin", "CURL_HOME": str(pasta)},
        text=True,
    )
    return [json.loads(linha) for linha in saida.splitlines()]


def teste_os_primeiros_dados_da_documentacao_dao_um_pedido_enviado(loja: Loja) -> None:
    entrada, cliente, pedido = loja.primeiro_pedido
    assert entrada["disponivel"] == 50
    assert cliente["id"] == 1
    assert (pedido["status"], pedido["valor_total"]) == ("enviado", "25.80"), pedido


def teste_as_chamadas_entre_os_servicos_vao_por_onde_se_disse(loja: Loja) -> None:
    pelo_nginx = "PAGAMENTOS_REST_URL" in loja.sistema.variaveis
    for passo in ("POST /pagamentos ", "POST /estoque/separar ", "POST /notas ", "POST /envios "):
        assert (f'"{passo}' in loja.nginx.acessos) == pelo_nginx, passo
    assert loja.sistema.auditar()["violacoes"] == []


def teste_um_pedido_pela_api_e_os_enderecos_que_ela_da(loja: Loja) -> None:
    feito = loja.pedir("POST", "pedidos", "/pedidos", chave="da-loja", json=corpo())
    assert feito.status_code == 201, feito.text
    assert feito.headers["Strict-Transport-Security"] == UM_ANO
    lista = loja.pedir("GET", "pedidos", "/pedidos?tamanho=1", chave="da-loja").json()
    assert lista["next"].startswith(f"{loja.nginx.url('pedidos')}/pedidos?")


def teste_quem_chega_por_http_vai_ao_https_da_loja(loja: Loja) -> None:
    with de_fora(loja.nginx) as http:
        pelo_nginx = http.post(
            f"{loja.nginx.url_sem_tls}/pedidos?a=1", json={}, allow_redirects=False
        )
    direto = loja.pedir_sem_proxy("/pagamentos?a=1", "127.0.0.1")
    for resposta, servico, caminho in (
        (pelo_nginx, "pedidos", "/pedidos?a=1"),
        (direto, "pagamentos", "/pagamentos?a=1"),
    ):
        assert resposta.status_code == 308
        assert resposta.headers["Location"] == loja.nginx.url(servico) + caminho
        assert "Strict-Transport-Security" not in resposta.headers


def teste_de_fora_ninguem_se_faz_passar_pelo_proxy(loja: Loja) -> None:
    falso = {"Proto": "https", "Host": "localhost", "For": "127.0.0.1"}
    resposta = loja.pedir_sem_proxy("/", "127.0.0.2", **falso)
    assert resposta.status_code == 308
    assert resposta.headers["Location"] == f"{loja.nginx.url('pagamentos')}/"
    # o próprio proxy, do endereço dele, é ouvido
    assert loja.pedir_sem_proxy("/", "127.0.0.1", **falso).status_code == 200


def teste_pelo_proxy_nao_passa_o_que_o_cliente_inventa(loja: Loja) -> None:
    falso = {"X-Forwarded-Host": "localhost:1", "X-Forwarded-Proto": "http"}
    lista = loja.pedir("GET", "pedidos", "/pedidos?tamanho=1", chave="da-loja", headers=falso)
    assert lista.json()["next"].startswith(f"{loja.nginx.url('pedidos')}/")


def teste_o_limite_e_por_cliente_e_nao_pelo_proxy_nem_pelo_que_se_diz(loja: Loja) -> None:
    # dado um cliente sem credencial que gasta as 600 requisições do seu minuto
    with de_fora(loja.nginx, "127.0.0.4") as http:
        url = f"{loja.nginx.url('catalogo')}/"
        status = [
            http.get(url, headers={"X-Forwarded-For": f"203.0.113.{n % 250}"}).status_code
            for n in range(601)
        ]
    # então ele é recusado, e outro não
    assert status == [200] * 600 + [429]
    assert loja.pedir("GET", "catalogo", "/", origem="127.0.0.5").status_code == 200


def teste_as_sondas_respondem_por_http_e_por_qualquer_nome(loja: Loja) -> None:
    for sonda in ("/saude", "/prontidao"):
        resposta = loja.sistema.pedir(
            "GET", "fiscal", sonda, headers={"Host": "10.9.8.7"}, allow_redirects=False
        )
        assert resposta.status_code == 200


def teste_uma_pessoa_compra_e_passeia_pelos_admins(loja: Loja) -> None:
    # dado quem chega pelo http, é levado ao https e entra
    pagina = loja.navegador.new_page()
    pagina.goto(f"{loja.nginx.url_sem_tls}/pedidos")
    expect(pagina).to_have_url(f"{loja.nginx.url('pedidos')}/pedidos")
    pagina.get_by_role("link", name="Entrar").click()
    entrar(pagina)

    # quando compra no formulário
    expect(pagina).to_have_url(f"{loja.nginx.url('pedidos')}/pedidos")
    pagina.locator("form[method=POST] [name=cliente_id]").fill("1")
    pagina.get_by_label("Produto 1", exact=True).select_option("1")
    pagina.get_by_label("Quantidade 1", exact=True).fill("1")
    pagina.get_by_role("button", name="Enviar").click()

    # então o pedido é enviado, e do admin dele se vai ao de pagamentos
    expect(pagina.locator(".response-info")).to_contain_text('"status": "enviado"')
    pagina.goto(f"{loja.nginx.url('pedidos')}/admin/pedidos/pedido/1/change/")
    destino = f"{loja.nginx.url('pagamentos')}/admin/pagamentos/pagamento/1/change/"
    ligacao = pagina.get_by_role("link", name="ver em pagamentos")
    expect(ligacao).to_have_attribute("href", destino)
    ligacao.click()
    entrar(pagina)
    expect(pagina).to_have_url(destino)
    expect(pagina.get_by_text("processar pagamento")).to_be_visible()


def teste_quem_chega_ao_servico_sem_o_proxy_e_levado_a_ele(loja: Loja) -> None:
    pagina = loja.navegador.new_page()
    pagina.goto(f"{loja.sistema.url('catalogo')}/admin/")
    expect(pagina).to_have_url(f"{loja.nginx.url('catalogo')}/admin/")


def teste_os_cookies_so_andam_por_https_e_longe_dos_scripts(loja: Loja) -> None:
    cookies = loja.navegador.cookies()
    assert {c["name"] for c in cookies} >= {
        "sessao_catalogo", "csrf_catalogo", "navegador_catalogo"
    }  # fmt: skip
    for cookie in cookies:
        assert cookie["secure"] and cookie["httpOnly"], cookie
        # a marca de um navegador conhecido nem com um link de fora viaja
        alcance = "Strict" if cookie["name"].startswith("navegador_") else "Lax"
        assert cookie["sameSite"] == alcance, cookie
        assert cookie["domain"] == HOST, cookie


def teste_toda_pagina_traz_o_hsts_e_so_links_de_https(loja: Loja) -> None:
    caminhos = ("/", "/admin/login/", "/api/docs", "/static/admin/css/base.css", "/nao-ha")
    for servico in SERVICOS:
        for caminho in caminhos:
            resposta = loja.pedir("GET", servico, caminho, headers={"Accept": "text/html"})
            assert resposta.headers["Strict-Transport-Security"] == UM_ANO, servico + caminho
            assert not re.search(r'(href|src|action)="http://', resposta.text), servico + caminho
    sem_tempo = loja.pedir("GET", "pedidos", "/pedidos", headers={"X-Prazo-Ms": "0"})
    assert (sem_tempo.status_code, sem_tempo.headers["Strict-Transport-Security"]) == (504, UM_ANO)
    pagina = loja.navegador.new_page()
    pagina.goto(f"{loja.nginx.url('catalogo')}/admin/")
    assert f"{loja.nginx.url('pedidos')}/admin/" in pagina.content()
    assert "http://127.0.0.1" not in pagina.content()


def teste_um_formulario_de_outro_site_e_recusado(loja: Loja) -> None:
    with de_fora(loja.nginx) as http:
        url = f"{loja.nginx.url('pedidos')}/admin/login/"
        pagina = http.get(url)
        formulario = {
            "username": "admin",
            "password": CHAVES["ADMIN_SENHA"],
            "csrfmiddlewaretoken": re.findall(r'csrfmiddlewaretoken" value="(\w+)', pagina.text)[0],
        }
        # o cookie é Secure e de outro host: o requests o mandaria só ao host que ele vê
        cookie = "; ".join(f"{c.name}={c.value}" for c in http.cookies)
        respostas = [
            http.post(
                url,
                data=formulario,
                headers={"Cookie": cookie, "Origin": origem},
                allow_redirects=False,
            ).status_code
            for origem in ("https://outro.example.com", loja.nginx.url("pedidos"))
        ]
    assert respostas == [403, 302]
