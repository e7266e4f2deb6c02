"""O erro que nasce fora da aplicação, ou quando ela falha, tem a forma que quem pede entende."""

from __future__ import annotations

import re
import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.client import HTTPResponse

import orjson
import pytest
import requests

from ecommerce.servicos import SERVICOS
from laboratorio.sistema.processos import CHAVES, Sistema
from testes.apoio.recusas import pagina_de_erro, problema

NAVEGADOR = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
# a primeira linha, o que vem antes do Accept, e o que se ouve
MALFEITAS = {
    "não é HTTP": ("\0\u00ff", "", 400, "entrada_invalida"),
    "método torto": ("gEt /saude HTTP/1.1", "", 400, "entrada_invalida"),
    "versão torta": ("GET /saude HTTP/9.9", "", 400, "entrada_invalida"),
    "tamanho negativo": ("GET /saude HTTP/1.1", "Content-Length: -1", 400, "entrada_invalida"),
    "endereço longo": (f"GET /{'a' * 5_000} HTTP/1.1", "", 414, "grande_demais"),
    "endereço enorme": (f"GET /{'a' * 50_000} HTTP/1.1", "", 414, "grande_demais"),
    "Expect que não há": ("GET /saude HTTP/1.1", "Expect: festa", 417, "tipo_nao_suportado"),
    "cabeçalho grande": ("GET /saude HTTP/1.1", f"X: {'a' * 20_000}", 431, "grande_demais"),
    "cabeçalhos demais": ("GET /saude HTTP/1.1", "\r\n".join(["X: a"] * 200), 431, "grande_demais"),
    "codificação que não há": (
        "POST /pedidos HTTP/1.1", "Transfer-Encoding: zip", 501, "tipo_nao_suportado",
    ),
}  # fmt: skip


@contextmanager
def resposta_crua(sistema: Sistema, servico: str, *pedacos: str) -> Iterator[HTTPResponse]:
    """O que o serviço responde a estes bytes; fecha sozinho a conexão."""
    porta = int(sistema.url(servico).rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", porta), timeout=10) as tomada:
        for pedaco in pedacos:
            tomada.sendall(pedaco.encode("latin-1"))
        resposta = HTTPResponse(tomada)
        resposta.begin()
        yield resposta
        assert tomada.recv(1) == b""


def conferir(resposta: HTTPResponse, accept: str, status: int, codigo: str) -> None:
    corpo, tipo = resposta.read(), str(resposta.headers["Content-Type"])
    assert resposta.status == status
    assert resposta.headers["Connection"] == "close"
    if accept == NAVEGADOR:
        pagina_de_erro(tipo, corpo.decode(), status, codigo)
    else:
        assert tipo == "application/problem+json"
        dito = orjson.loads(corpo)
        assert (dito["status"], dito["codigo"]) == (status, codigo)


@pytest.mark.parametrize("accept", [NAVEGADOR, "application/json", None])
@pytest.mark.parametrize("qual", MALFEITAS)
def teste_o_que_o_gunicorn_recusa(sistema: Sistema, qual: str, accept: str | None) -> None:
    linha, cabecalhos, status, codigo = MALFEITAS[qual]
    aceita = [f"Accept: {accept}"] if accept else []
    cabeca = "\r\n".join([linha, *filter(None, [cabecalhos]), *aceita, "", ""])
    with resposta_crua(sistema, "catalogo", cabeca) as resposta:
        conferir(resposta, accept or "", status, codigo)


@pytest.mark.parametrize("servico", SERVICOS)
def teste_em_todo_servico(sistema: Sistema, servico: str) -> None:
    linha = f"GET /{'a' * 5_000} HTTP/1.1\r\n"
    with resposta_crua(sistema, servico, linha, f"Accept: {NAVEGADOR}\r\n\r\n") as resposta:
        conferir(resposta, NAVEGADOR, 414, "grande_demais")
    for cabecalhos in ({"Accept": NAVEGADOR}, {"Accept": "*/*"}):
        resposta_da_aplicacao = sistema.pedir("GET", servico, "/nao-ha", headers=cabecalhos)
        tipo = resposta_da_aplicacao.headers["Content-Type"]
        if cabecalhos["Accept"] == "*/*":
            problema(resposta_da_aplicacao, 404, "nao_encontrado")
        else:
            pagina_de_erro(tipo, resposta_da_aplicacao.text, 404, "nao_encontrado")
    folha = sistema.pedir("GET", servico, "/static/paginas/erro.css")
    assert folha.headers["Content-Type"].startswith("text/css")


def teste_o_que_o_gunicorn_recusa_no_meio_do_corpo(sistema: Sistema) -> None:
    for accept in (NAVEGADOR, "application/json"):
        cabeca = f"POST /pedidos HTTP/1.1\r\nTransfer-Encoding: chunked\r\nAccept: {accept}\r\n\r\n"
        with resposta_crua(sistema, "pedidos", cabeca, "zz\r\n") as resposta:
            conferir(resposta, accept, 400, "entrada_invalida")


def teste_de_quem_para_no_meio_da_cabeca_nao_se_espera_o_resto(sistema: Sistema) -> None:
    with resposta_crua(sistema, "pedidos", "GET / HTTP/9.9\r\nAcc") as resposta:
        conferir(resposta, "", 400, "entrada_invalida")


def teste_linhas_sem_cr(sistema: Sistema) -> None:
    cabeca = f"GET /saude HTTP/1.1\nAccept: {NAVEGADOR}\n\n"
    with resposta_crua(sistema, "pedidos", cabeca) as resposta:
        conferir(resposta, NAVEGADOR, 400, "entrada_invalida")


@pytest.mark.parametrize(
    ("primeiro", "segundo", "tipo"),
    [
        (NAVEGADOR, "*/*", b"application/problem+json"),
        ("*/*", NAVEGADOR, b"text/html; charset=utf-8"),
    ],
)
def teste_cada_requisicao_da_mesma_conexao_tem_o_seu_accept(
    sistema: Sistema, primeiro: str, segundo: str, tipo: bytes
) -> None:
    # dadas duas requisições que chegam juntas, a segunda malfeita
    linhas = ("GET /saude HTTP/1.1", f"Accept: {primeiro}", "", "GET / HTTP/9.9")
    cabecas = "\r\n".join([*linhas, f"Accept: {segundo}", "", ""])
    porta = int(sistema.url("catalogo").rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", porta), timeout=10) as tomada:
        tomada.sendall(cabecas.encode())
        respostas = b"".join(iter(lambda: tomada.recv(65_536), b""))
    # então a resposta à segunda, depois da qual a conexão se fecha, é a que ela pede
    segunda = respostas[respostas.rindex(b"HTTP/1.1 400 ") :]
    assert b"\r\nContent-Type: " + tipo + b"\r\n" in segunda


def teste_o_admin_com_o_banco_travado_ou_com_um_defeito_responde_com_uma_pagina(
    novo_sistema: Callable[..., Sistema],
) -> None:
    sistema = novo_sistema(PRAZO_CHECKOUT_MS="1000")
    sistema.iniciar("pagamentos")
    with requests.Session() as navegador:
        navegador.trust_env = False
        navegador.headers["Accept"] = NAVEGADOR
        admin = f"{sistema.url('pagamentos')}/admin/"
        achado = re.search('name="csrfmiddlewaretoken" value="([^"]+)"', navegador.get(admin).text)
        assert achado
        formulario = {
            "csrfmiddlewaretoken": achado[1],
            "username": "admin",
            "password": CHAVES["ADMIN_SENHA"],
            "next": "/admin/",
        }
        # dado um banco em que outro escreve há muito tempo
        with closing(sqlite3.connect(sistema.pasta / "pagamentos.db")) as banco:
            banco.execute("BEGIN IMMEDIATE")
            resposta = navegador.post(f"{admin}login/", formulario)
            pagina_de_erro(resposta.headers["Content-Type"], resposta.text, 503, "indisponivel")
            assert resposta.headers["Retry-After"] == "2"
        assert navegador.post(f"{admin}login/", formulario).status_code == 200
        # e uma linha que nenhum código nosso escreveria
        sistema.executar_sql(
            "pagamentos",
            "UPDATE pagamentos_pagamento SET data_processamento = '2026-99-99 00:00:00'"
            " WHERE pedido_id = 1",
        )
        resposta = navegador.get(f"{admin}pagamentos/pagamento/?q=1")
        tipo = resposta.headers["Content-Type"]
        pagina = pagina_de_erro(tipo, resposta.text, 500, "erro_interno")
    rastro = re.search("<dt>Rastro</dt><dd><code>([0-9a-f]{32})</code>", pagina)
    assert rastro and rastro[1] in (sistema.pasta / "pagamentos.log").read_text(encoding="utf-8")
