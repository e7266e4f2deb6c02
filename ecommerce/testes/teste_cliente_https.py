"""O cliente HTTP comum diante de um servidor com TLS, de uma autoridade que só o teste tem."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from ecommerce.contexto import iniciar
from ecommerce.erros import Indisponivel, SemResposta
from ecommerce.testes.teste_cliente_rest import Servidor, pedir
from testes.apoio.certificado import Certificado, emitir

pytestmark = pytest.mark.django_db(transaction=True)  # o cliente se recusa dentro de uma


@pytest.fixture(scope="module")
def certificado(tmp_path_factory: pytest.TempPathFactory) -> Certificado:
    return emitir(tmp_path_factory.mktemp("certificado"), "IP:127.0.0.1")


@pytest.fixture
def servidor(
    certificado: Certificado, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Servidor]:
    contexto = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    contexto.load_cert_chain(certificado.certificado, certificado.chave)
    settings.CA_CERTIFICADOS = str(certificado.autoridade)
    with Servidor() as aberto:
        aberto.socket = contexto.wrap_socket(
            aberto.socket, server_side=True, do_handshake_on_connect=False
        )
        threading.Thread(target=aberto.serve_forever, args=(0.01,), daemon=True).start()
        porta = aberto.server_address[1]
        monkeypatch.setenv("ESTOQUE_REST_URL", f"https://127.0.0.1:{porta}")
        yield aberto
        aberto.shutdown()


def teste_fala_com_quem_a_autoridade_conhece_e_mantem_a_conexao(servidor: Servidor) -> None:
    for _ in range(3):
        assert pedir("/x") == {"pedido_id": 7}
    assert len(servidor.conexoes) == 1


def teste_nao_fala_com_quem_as_autoridades_publicas_nao_conhecem(
    servidor: Servidor, settings: Any
) -> None:
    settings.CA_CERTIFICADOS = ""
    with pytest.raises(Indisponivel):
        pedir("/x")
    assert servidor.ouviu == []


def teste_nem_com_quem_tem_o_certificado_de_outro_nome(
    servidor: Servidor, monkeypatch: pytest.MonkeyPatch
) -> None:
    porta = servidor.server_address[1]
    monkeypatch.setenv("ESTOQUE_REST_URL", f"https://localhost:{porta}")
    with pytest.raises(Indisponivel):
        pedir("/x")
    assert servidor.ouviu == []


def teste_nao_espera_alem_do_prazo_por_uma_resposta_a_conta_gotas(servidor: Servidor) -> None:
    pedir("/x")  # a conexão já está aberta
    servidor.corpo, servidor.por_byte_s = b'{"pedido_id": 7, "status": "liberado"}', 0.1
    iniciar("rest", prazo_ms=400)
    inicio = time.monotonic()
    with pytest.raises(SemResposta):
        pedir("/x")
    assert time.monotonic() - inicio < 0.45


def teste_nem_por_quem_aceita_a_conexao_e_nao_diz_quem_e(
    settings: Any, monkeypatch: pytest.MonkeyPatch, certificado: Certificado
) -> None:
    settings.CA_CERTIFICADOS = str(certificado.autoridade)
    with socket.create_server(("127.0.0.1", 0)) as mudo:
        monkeypatch.setenv("ESTOQUE_REST_URL", f"https://127.0.0.1:{mudo.getsockname()[1]}")
        iniciar("rest", prazo_ms=400)
        inicio = time.monotonic()
        with pytest.raises(SemResposta):
            pedir("/x")
    assert time.monotonic() - inicio < 0.45
