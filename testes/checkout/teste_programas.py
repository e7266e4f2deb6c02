"""O que serve a programas responde o mesmo que serve a navegadores."""

from __future__ import annotations

import pytest
import requests

from laboratorio.sistema.processos import Sistema

DO_MOMENTO = {"Date", "X-Estoque-Em"}


@pytest.mark.parametrize(
    ("metodo", "servico", "caminho", "chave"),
    [
        ("GET", "pedidos", "/clientes/1", "da-loja"),
        ("GET", "pedidos", "/nada", "da-loja"),
        ("GET", "pedidos", "/admin", "da-loja"),
        ("GET", "catalogo", "/produtos/1", "interna"),
        ("GET", "fiscal", "/notas", "da-loja"),
        ("GET", "fiscal", "/notas", "errada"),
        ("PUT", "fiscal", "/notas", "interna"),
        ("POST", "logistica", "/envios", "interna"),
    ],
)
def teste_com_e_sem_cookie_a_resposta_e_a_mesma(
    sistema: Sistema, metodo: str, servico: str, caminho: str, chave: str
) -> None:
    # dado um cookie qualquer, que já faz de quem pede um possível navegador
    cabecalhos = {"Cookie": "outro=1"}
    programa, navegador = (
        sistema.pedir(metodo, servico, caminho, chave=chave, headers=h, allow_redirects=False)
        for h in ({}, cabecalhos)
    )
    assert programa.status_code == navegador.status_code
    assert programa.content == navegador.content
    assert _duradouros(programa) == _duradouros(navegador)


@pytest.mark.parametrize("caminho", ["/admin/", "/api/docs", "/static/admin/css/base.css"])
def teste_uma_chave_nao_tira_o_que_e_de_navegadores(sistema: Sistema, caminho: str) -> None:
    assert sistema.pedir("GET", "pedidos", caminho).status_code == 200


def _duradouros(resposta: requests.Response) -> dict[str, str]:
    return {nome: valor for nome, valor in resposta.headers.items() if nome not in DO_MOMENTO}
