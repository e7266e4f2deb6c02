"""O cliente HTTP comum, diante de um servidor que responde o que o teste manda."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from unittest.mock import Mock

import pytest

from ecommerce.contexto import iniciar
from ecommerce.erros import Conflito, Erro, Indisponivel, PrazoEsgotado, Recusado
from ecommerce.transporte.disjuntor import DISJUNTORES, FALTAS_PARA_ABRIR, Disjuntor
from ecommerce.transporte.rest.cliente import chamar
from ecommerce.transporte.rest.http.conexao import Conexao
from pagamentos.vizinhos.rest import EstoquePorRest
from testes.apoio.exemplos import uma_ordem

pytestmark = pytest.mark.django_db(transaction=True)  # o cliente se recusa dentro de uma


class Servidor(ThreadingHTTPServer):
    """Responde sempre o mesmo e guarda o que ouviu."""

    status, corpo, demora_s, por_byte_s = 200, b'{"pedido_id": 7}', 0.0, 0.0
    tipo = "application/problem+json"

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Atendente)
        self.ouviu: list[dict[str, Any]] = []
        self.conexoes: set[Any] = set()


class Atendente(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Servidor

    def do_POST(self) -> None:
        corpo = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.ouviu.append({"caminho": self.path, "corpo": corpo, **self.headers})
        self.server.conexoes.add(self.client_address)
        time.sleep(self.server.demora_s)
        self.send_response(self.server.status)
        self.send_header("Content-Type", self.server.tipo)
        self.send_header("Content-Length", str(len(self.server.corpo)))
        self.end_headers()
        with suppress(ConnectionError):  # quem pediu já desistiu
            for byte in self.server.corpo:
                time.sleep(self.server.por_byte_s)
                self.wfile.write(bytes([byte]))

    def log_message(self, *_: Any) -> None:
        """Silêncio nos testes."""


@pytest.fixture
def servidor(monkeypatch: pytest.MonkeyPatch) -> Iterator[Servidor]:
    with Servidor() as aberto:
        threading.Thread(target=aberto.serve_forever, args=(0.01,), daemon=True).start()
        porta = aberto.server_address[1]
        monkeypatch.setenv("ESTOQUE_REST_URL", f"http://127.0.0.1:{porta}")
        yield aberto
        aberto.shutdown()


def pedir(caminho: str) -> dict[str, Any]:
    return chamar("estoque", "POST", caminho, corpo={}, pedido_id=7, ler=dict)


def teste_leva_chave_rastro_e_um_prazo_menor_que_o_seu(servidor: Servidor, settings: Any) -> None:
    chamada = iniciar("rest", prazo_ms=2000, traceparent=f"00-{'a' * 32}-{'b' * 16}-01")
    pedir("/estoque/separar")
    ouvido = servidor.ouviu[0]
    assert ouvido["Authorization"] == f"Bearer {settings.CHAVE_INTERNA}"
    assert ouvido["traceparent"] == f"00-{'a' * 32}-{chamada.rastro.span_id}-01"
    assert 1500 < int(ouvido["X-Prazo-Ms"]) <= 1900


def teste_mantem_a_conexao_aberta(servidor: Servidor) -> None:
    for _ in range(5):
        pedir("/x")
    assert len(servidor.conexoes) == 1


def teste_cabecalhos_e_corpo_saem_numa_escrita_so() -> None:
    conexao, escritas = Conexao("127.0.0.1"), list[bytes]()
    conexao.sock = Mock(sendall=escritas.append)
    conexao.request("POST", "/x", body=b"{}")
    (escrita,) = escritas
    assert escrita.startswith(b"POST /x HTTP/1.1\r\n") and escrita.endswith(b"\r\n\r\n{}")


RECUSA = {"codigo": "sem_estoque", "detail": "acabou", "pedido_id": 7, "situacao": "recusado"}


@pytest.mark.parametrize(
    ("status", "categoria"),
    [
        (422, Recusado),
        (409, Conflito),
        (504, PrazoEsgotado),
        *((status, Indisponivel) for status in (301, 400, 401, 403, 404, 429, 500, 503)),
    ],
)
def teste_cada_status_e_uma_categoria(
    servidor: Servidor, status: int, categoria: type[Erro]
) -> None:
    servidor.status, servidor.corpo = status, json.dumps(RECUSA).encode()
    with pytest.raises(categoria):
        pedir("/x")


def teste_a_recusa_diz_o_codigo_e_a_falta_diz_ate_onde_se_chegou(servidor: Servidor) -> None:
    servidor.status, servidor.corpo = 422, json.dumps(RECUSA).encode()
    with pytest.raises(Recusado) as recusa:
        pedir("/x")
    assert (recusa.value.codigo, recusa.value.detalhe) == ("sem_estoque", "acabou")
    assert (recusa.value.pedido_id, recusa.value.situacao) == (7, "recusado")

    servidor.status = 503
    servidor.corpo = b'{"codigo": "indisponivel", "alcancado": "nf_emitida"}'
    with pytest.raises(Indisponivel) as falta:
        pedir("/x")
    assert falta.value.alcancado == "nf_emitida"


@pytest.mark.parametrize("status", [409, 422])
@pytest.mark.parametrize(
    ("tipo", "corpo"),
    [
        ("text/html", b"<h1>422</h1>"),
        ("application/json", json.dumps(RECUSA).encode()),
        ("application/problem+json", b"[]"),
        ("application/problem+json", json.dumps(RECUSA | {"codigo": "out_of_stock"}).encode()),
        ("application/problem+json", json.dumps(RECUSA | {"pedido_id": 8}).encode()),
        ("application/problem+json", b'{"codigo": "sem_estoque", "detail": "acabou"}'),
    ],
    ids=["html", "sem ser problema", "lista", "codigo alheio", "outro pedido", "sem pedido"],
)
def teste_o_nao_de_outro_programa_ou_sobre_outro_pedido_nao_diz_nada(
    servidor: Servidor, status: int, tipo: str, corpo: bytes
) -> None:
    servidor.status, servidor.tipo, servidor.corpo = status, tipo, corpo
    with pytest.raises(Indisponivel):
        pedir("/x")


def teste_o_sim_sobre_outro_pedido_nao_diz_nada(servidor: Servidor) -> None:
    servidor.corpo = b'{"pedido_id": 8, "status": "liberado", "itens": []}'
    with pytest.raises(Indisponivel):
        EstoquePorRest().liberar(7, None)


@pytest.mark.parametrize("corpo", [b"<html>", b"", b"{}", b'{"status": "separado"}', b"[1]"])
def teste_resposta_que_nao_se_entende_nao_diz_nada(servidor: Servidor, corpo: bytes) -> None:
    servidor.status, servidor.corpo = 201, corpo
    with pytest.raises(Indisponivel):
        EstoquePorRest().separar(uma_ordem())
    with pytest.raises(Indisponivel):
        EstoquePorRest().liberar(1, None)
    with pytest.raises(Indisponivel):
        chamar("estoque", "GET", "/x", ler=lambda dados: dados.upper())


def teste_nao_espera_alem_do_prazo(servidor: Servidor) -> None:
    servidor.demora_s = 2
    iniciar("rest", prazo_ms=400)
    inicio = time.monotonic()
    with pytest.raises(PrazoEsgotado):
        pedir("/x")
    assert time.monotonic() - inicio < 0.45


def teste_nem_por_uma_resposta_que_vem_a_conta_gotas(servidor: Servidor) -> None:
    servidor.corpo, servidor.por_byte_s = b'{"status": "separado", "itens": []}', 0.1
    iniciar("rest", prazo_ms=400)
    inicio = time.monotonic()
    with pytest.raises(Indisponivel):
        pedir("/x")
    assert time.monotonic() - inicio < 0.45


def teste_sem_prazo_nem_comeca(servidor: Servidor) -> None:
    iniciar("rest", prazo_ms=50)
    with pytest.raises(PrazoEsgotado):
        pedir("/x")
    assert servidor.ouviu == []


def teste_ninguem_escutando_e_indisponivel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESTOQUE_REST_URL", "http://127.0.0.1:1")
    with pytest.raises(Indisponivel):
        pedir("/x")


def teste_depois_de_faltas_seguidas_nem_procura_o_servico(
    servidor: Servidor, monkeypatch: pytest.MonkeyPatch
) -> None:
    # dado um serviço que não atende, procurado até o disjuntor abrir
    monkeypatch.setitem(DISJUNTORES, "estoque", Disjuntor("estoque"))
    no_ar = os.environ["ESTOQUE_REST_URL"]
    monkeypatch.setenv("ESTOQUE_REST_URL", "http://127.0.0.1:9")
    for _ in range(FALTAS_PARA_ABRIR):
        with pytest.raises(Indisponivel):
            pedir("/x")
    # quando ele volta, então ainda se espera a pausa: nada lhe chega
    monkeypatch.setenv("ESTOQUE_REST_URL", no_ar)
    with pytest.raises(Indisponivel):
        pedir("/x")
    assert servidor.ouviu == []
