"""O mesmo erro é uma página para um navegador e um problema para um programa."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any
from unittest.mock import Mock
from wsgiref.util import setup_testing_defaults

import pytest
from django.test import Client

from ecommerce.contexto import chamada_atual
from ecommerce.erros import CODIGOS
from ecommerce.transporte.rest.paginas.erro import pagina_de_erro, prefere_pagina
from ecommerce.transporte.rest.servidor_erros import (
    accept_de,
    resposta_ao_erro,
    resposta_do_servidor,
)
from ecommerce.transporte.vagas import VAGAS, vaga
from ecommerce.wsgi import application
from testes.apoio import recusas
from testes.apoio.paginas import alguem_da_equipe

pytestmark = pytest.mark.django_db
FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
CHROMIUM = f"{FIREFOX},image/avif,image/webp,image/apng,application/signed-exchange;v=b3;q=0.7"
GRANDE = b"x" * (256 * 1024 + 1)
Pedir = Callable[[str], Any]


def de_qualquer_um(metodo: str, caminho: str, corpo: bytes = b"") -> Pedir:
    return lambda accept: Client(headers={"Accept": accept}).generic(metodo, caminho, corpo)


def com_cabecalho(nome: str, valor: str) -> Pedir:
    return lambda accept: Client().get("/", headers={"Accept": accept, nome: valor})


def da_equipe(metodo: str, caminho: str, *permissoes: str) -> Pedir:
    return lambda accept: alguem_da_equipe(*permissoes).generic(
        metodo, caminho, headers={"Accept": accept}
    )


def sem_csrf(caminho: str) -> Pedir:
    def pedir(accept: str) -> Any:
        navegador = Client(enforce_csrf_checks=True)
        navegador.cookies = alguem_da_equipe().cookies
        return navegador.post(caminho, headers={"Accept": accept})

    return pedir


def depois_de_muitas(accept: str) -> Any:
    """O que ouve quem passou das 600 requisições por minuto que um anônimo pode fazer."""
    navegador = Client(REMOTE_ADDR="203.0.113.9", headers={"Accept": accept})
    while (resposta := navegador.get("/")).status_code == 200:
        pass
    return resposta


ERROS: dict[str, tuple[Pedir, int, str]] = {
    "endereço que não há": (de_qualquer_um("GET", "/nao-ha"), 404, "nao_encontrado"),
    "arquivo que não há": (de_qualquer_um("GET", "/static/nao-ha"), 404, "nao_encontrado"),
    "registro que não há": (
        da_equipe("GET", "/pagamentos/9", "view_pagamento"), 404, "nao_encontrado",
    ),
    "página do admin que não há": (da_equipe("GET", "/admin/nao-ha/"), 404, "nao_encontrado"),
    "sem entrar": (de_qualquer_um("GET", "/pagamentos"), 401, "nao_autenticado"),
    "sem permissão na API": (da_equipe("GET", "/pagamentos"), 403, "nao_permitido"),
    "sem permissão no admin": (
        da_equipe("GET", "/admin/pagamentos/pagamento/"), 403, "nao_permitido",
    ),
    "sem CSRF na API": (sem_csrf("/pagamentos"), 403, "nao_permitido"),
    "sem CSRF no admin": (sem_csrf("/admin/login/"), 403, "nao_permitido"),
    "método que não há na API": (
        da_equipe("DELETE", "/pagamentos", "view_pagamento"), 405, "metodo_nao_permitido",
    ),
    "método que não há no admin": (da_equipe("GET", "/admin/logout/"), 405, "metodo_nao_permitido"),
    "método que não há num arquivo": (
        de_qualquer_um("POST", "/static/paginas/erro.css"), 405, "metodo_nao_permitido",
    ),
    "método que não há no esquema": (
        de_qualquer_um("POST", "/api/esquema"), 405, "metodo_nao_permitido",
    ),
    "consulta que não serve": (
        da_equipe("GET", "/pagamentos?tamanho=0", "view_pagamento"), 400, "entrada_invalida",
    ),
    "host desconhecido": (
        com_cabecalho("Host", "outro.example.com"), 400, "entrada_invalida",
    ),
    "prazo torto": (com_cabecalho("X-Prazo-Ms", "?"), 400, "entrada_invalida"),
    "prazo esgotado": (com_cabecalho("X-Prazo-Ms", "0"), 504, "prazo_esgotado"),
    "corpo grande demais": (de_qualquer_um("POST", "/pagamentos", GRANDE), 413, "grande_demais"),
    "requisições demais": (depois_de_muitas, 429, "muitas_requisicoes"),
}  # fmt: skip


@pytest.mark.parametrize("erro", ERROS)
def teste_a_um_navegador_o_erro_e_uma_pagina(erro: str) -> None:
    pedir, status, codigo = ERROS[erro]
    for accept in (FIREFOX, CHROMIUM):
        resposta = pedir(accept)
        assert resposta.status_code == status
        pagina = recusas.pagina_de_erro(
            resposta.headers["Content-Type"], resposta.text, status, codigo
        )
        assert "<dt>Rastro</dt>" in pagina
        assert "Accept" in resposta.headers["Vary"]
        assert "default-src 'none'" in resposta.headers["Content-Security-Policy"]


@pytest.mark.parametrize("erro", ERROS)
def teste_a_um_programa_o_mesmo_erro_e_um_problema(erro: str) -> None:
    pedir, status, codigo = ERROS[erro]
    for accept in ("application/json", "*/*", "application/json, application/problem+json"):
        resposta = pedir(accept)
        assert resposta.status_code == status
        assert resposta.headers["Content-Type"] == "application/problem+json"
        assert (resposta.json()["status"], resposta.json()["codigo"]) == (status, codigo)
        assert status != 405 or resposta.headers["Allow"]


def teste_o_formato_que_nao_se_atende_e_406_na_forma_que_se_entende() -> None:
    problema = da_equipe("GET", "/pagamentos", "view_pagamento")("application/xml")
    assert (problema.status_code, problema.json()["codigo"]) == (406, "tipo_nao_suportado")
    pagina = de_qualquer_um("GET", "/api/esquema")("text/html")  # que só existe em JSON e YAML
    tipo = pagina.headers["Content-Type"]
    recusas.pagina_de_erro(tipo, pagina.text, 406, "tipo_nao_suportado")


def teste_quem_escolhe_json_no_endereco_recebe_json() -> None:
    pedir = da_equipe("GET", "/pagamentos?format=json&tamanho=0", "view_pagamento")
    assert pedir(FIREFOX).json()["codigo"] == "entrada_invalida"


def teste_a_recusa_por_excesso_tambem_e_uma_pagina() -> None:
    def recusar(accept: str) -> tuple[str, dict[str, str], str]:
        comecar = Mock()
        ambiente = {"REQUEST_METHOD": "POST", "HTTP_ACCEPT": accept}
        setup_testing_defaults(ambiente)
        corpo = b"".join(application(ambiente, comecar)).decode()
        situacao, cabecalhos = comecar.call_args.args
        return situacao, dict(cabecalhos), corpo

    with ExitStack() as todas:
        for _ in range(VAGAS):
            todas.enter_context(vaga())
        for accept in ("*/*", FIREFOX):
            situacao, cabecalhos, corpo = recusar(accept)
            assert situacao == "503 Service Unavailable"
            assert cabecalhos["Retry-After"] == "1"
            assert cabecalhos["Content-Length"] == str(len(corpo.encode()))
            if accept == FIREFOX:
                recusas.pagina_de_erro(cabecalhos["Content-Type"], corpo, 503, "sobrecarga")
            else:
                assert '"codigo":"sobrecarga"' in corpo


@pytest.mark.parametrize(
    ("accept", "pagina"),
    [
        (FIREFOX, True),
        (CHROMIUM, True),
        ("text/html", True),
        ("text/html, application/json;q=0.5", True),
        ("", False),
        ("*/*", False),
        ("application/json, text/plain, */*", False),
        ("application/json, text/html;q=0.9", False),
        ("text/html;q=0", False),
        ("text/html;q=0, */*", False),
        ("image/avif,image/webp,*/*;q=0.8", False),
        ("text/html;q=;;", True),
        ("\x00text/html,,;", False),
    ],
)
def teste_quem_prefere_pagina(accept: str, pagina: bool) -> None:
    assert prefere_pagina(accept) == pagina


@pytest.mark.parametrize("onde", ["sem CSRF na API", "sem CSRF no admin"])
def teste_a_falta_do_csrf_nao_parece_falta_de_permissao(onde: str) -> None:
    for accept in (FIREFOX, "*/*"):
        assert "token CSRF" in ERROS[onde][0](accept).text


@pytest.mark.parametrize(
    ("chegado", "accept"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\r\naccept:  text/html \r\n\r\n", "text/html "),
        (b"GET / HTTP/1.1\nAccept: a/b\n\n", "a/b"),
        (b"GET / HTTP/1.1\r\nAccept: text/ht", None),  # ainda não acabou
        (b"GET / HTTP/1.1\r\nX-Accept: a/b\r\n\r\n", None),
        (b"POST / HTTP/1.1\r\n\r\nAccept: a/b\r\n", None),  # já é o corpo
        (b"POST / HTTP/1.1\n\nAccept: a/b\n", None),
        (b"\xff\x00", None),
    ],
)
def teste_o_accept_do_que_o_servidor_nao_acabou_de_ler(chegado: bytes, accept: str | None) -> None:
    assert accept_de(chegado) == accept


def teste_um_defeito_fora_do_django_e_500_com_rastro() -> None:
    resposta = resposta_ao_erro(RuntimeError("segredo"), None)
    assert resposta.startswith(b"HTTP/1.1 500 Internal Server Error\r\n")
    assert chamada_atual().rastro.trace_id.encode() in resposta
    assert b"segredo" not in resposta
    pagina = resposta_ao_erro(RuntimeError("segredo"), FIREFOX).decode()
    assert f"<code>{chamada_atual().rastro.trace_id}</code>" in pagina


@pytest.mark.parametrize("status", [400, 408, 414, 417, 431, 501])
def teste_o_que_o_servidor_responde_sozinho_e_uma_resposta_http_inteira(status: int) -> None:
    for accept, tipo in ((FIREFOX, "text/html"), (None, "application/problem+json")):
        cabeca, _, corpo = resposta_do_servidor(status, accept).decode().partition("\r\n\r\n")
        assert cabeca.startswith(f"HTTP/1.1 {status} ")
        assert f"\r\nContent-Type: {tipo}" in cabeca
        assert f"\r\nContent-Length: {len(corpo.encode())}\r\nConnection: close" in cabeca


@pytest.mark.parametrize("codigo", CODIGOS)
def teste_todo_codigo_tem_a_sua_pagina(codigo: str) -> None:
    problema = {"title": "Conflito", "status": 409, "detail": "<i>", "codigo": codigo}
    pagina = pagina_de_erro(problema)
    recusas.pagina_de_erro("text/html; charset=utf-8", pagina, 409, codigo)
    assert "<i>" not in pagina


def teste_um_campo_com_nome_de_metodo_aparece_na_pagina() -> None:
    erros = {"items": ["Campo desconhecido."], "<b>": ["Campo desconhecido."]}
    problema = {"status": 400, "detail": "Não.", "codigo": "entrada_invalida", "erros": erros}
    pagina = pagina_de_erro(problema | {"title": "Entrada inválida"})
    assert "<strong>items</strong>: Campo desconhecido." in pagina
    assert "<strong>&lt;b&gt;</strong>" in pagina


def teste_depois_de_entrar_se_volta_a_onde_se_ia() -> None:
    pagina = de_qualquer_um("GET", "/pagamentos?status=aprovado&tamanho=2")(FIREFOX).text
    assert 'href="/admin/login/?next=/pagamentos%3Fstatus%3Daprovado%26tamanho%3D2"' in pagina
