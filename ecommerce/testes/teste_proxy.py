"""O que um proxy de confiança diz de quem pede, o que se ouve dos outros, e quem vai ao https."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from ecommerce.transporte.rest.http.proxy import SoPorHttps, ouvir_proxies

PROXY, OUTRO_PROXY, DE_FORA = "10.0.0.1", "10.1.2.3", "203.0.113.9"
CONFIAVEIS = [ip_network(rede) for rede in (PROXY, "10.1.0.0/16", "fd00::/8")]


def ouvido(vizinho: str, **ditos: str) -> dict[str, Any]:
    """O que a aplicação vê de uma requisição que chegou de `vizinho` com esses X-Forwarded-*."""
    visto: dict[str, Any] = {}

    def aplicacao(environ: WSGIEnvironment, _: StartResponse) -> list[bytes]:
        visto.update(environ)
        return []

    ambiente = {"REMOTE_ADDR": vizinho, "wsgi.url_scheme": "http", "HTTP_HOST": "daqui:8000"}
    ambiente |= {f"HTTP_X_FORWARDED_{nome}": dito for nome, dito in ditos.items()}
    ouvir_proxies(aplicacao, CONFIAVEIS)(ambiente, lambda *_: lambda _: None)
    return visto


@pytest.mark.parametrize(
    ("vizinho", "percurso", "quem"),
    [
        (PROXY, DE_FORA, DE_FORA),
        # o que o cliente escreveu vem antes do que o proxy acrescenta
        (PROXY, f"127.0.0.1, {PROXY}, {DE_FORA}", DE_FORA),
        (PROXY, f"198.51.100.1, {DE_FORA}, {OUTRO_PROXY}", DE_FORA),
        (PROXY, f"{OUTRO_PROXY},{PROXY}", OUTRO_PROXY),
        (f"::ffff:{PROXY}", DE_FORA, DE_FORA),
        ("fd00::1", "2001:db8::7", "2001:db8::7"),
        (PROXY, "", PROXY),
        (PROXY, "unknown", PROXY),
        (PROXY, f"{DE_FORA}:51234", PROXY),
        (DE_FORA, "198.51.100.1", DE_FORA),
        (DE_FORA, PROXY, DE_FORA),
        ("", DE_FORA, ""),
    ],
)
def teste_o_endereco_de_quem_pede(vizinho: str, percurso: str, quem: str) -> None:
    assert ouvido(vizinho, FOR=percurso)["REMOTE_ADDR"] == quem


@pytest.mark.parametrize(
    ("vizinho", "dito", "esquema"),
    [
        (PROXY, "https", "https"),
        (PROXY, "http", "http"),
        (PROXY, "https, http", "http"),
        (PROXY, "on", "http"),
        (DE_FORA, "https", "http"),
    ],
)
def teste_se_veio_por_https(vizinho: str, dito: str, esquema: str) -> None:
    assert ouvido(vizinho, PROTO=dito)["wsgi.url_scheme"] == esquema


@pytest.mark.parametrize(
    ("vizinho", "host"), [(PROXY, "loja.example.com:8444"), (DE_FORA, "daqui:8000")]
)
def teste_por_que_nome(vizinho: str, host: str) -> None:
    assert ouvido(vizinho, HOST="loja.example.com:8444")["HTTP_HOST"] == host


def teste_um_proxy_que_nada_diz_e_so_um_vizinho() -> None:
    visto = ouvido(PROXY)
    assert (visto["REMOTE_ADDR"], visto["HTTP_HOST"]) == (PROXY, "daqui:8000")
    assert visto["wsgi.url_scheme"] == "http"


def pedir(chave: str | None, *, caminho: str = "/pagamentos?a=1", **opcoes: Any) -> HttpResponse:
    """A resposta do middleware a um POST; 200 se a requisição passou."""
    cabecalhos = {"authorization": f"Bearer {chave}"} if chave else {}
    request: HttpRequest = RequestFactory().post(caminho, headers=cabecalhos, **opcoes)
    return SoPorHttps(lambda _: HttpResponse())(request)


@pytest.mark.parametrize("chave", [None, "da-loja", "errada"])
def teste_vai_ao_https_sem_perder_o_metodo_nem_o_caminho(chave: str | None) -> None:
    resposta = pedir(chave)
    assert resposta.status_code == 308
    assert resposta["Location"] == "https://testserver/pagamentos?a=1"
    assert pedir(chave, secure=True).status_code == 200


def teste_vai_a_url_publica_onde_se_disse_qual_e(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGAMENTOS_URL_PUBLICA", "https://loja.example.com:8444")
    assert pedir(None)["Location"] == "https://loja.example.com:8444/pagamentos?a=1"


def teste_uma_chamada_entre_os_servicos_nao_vai_a_lugar_nenhum(settings: Any) -> None:
    assert pedir(settings.CHAVE_INTERNA).status_code == 200


@pytest.mark.parametrize("sonda", ["/saude", "/prontidao"])
def teste_nem_uma_sonda(sonda: str) -> None:
    assert pedir(None, caminho=sonda).status_code == 200
