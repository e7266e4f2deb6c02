"""Por que nomes se chega a um serviço: os seus, os que os outros usam, e qualquer um nas sondas."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from laboratorio.sistema.processos import Sistema
from testes.apoio.recusas import problema


@pytest.mark.parametrize("producao", ["0", "1"])
def teste_os_nomes_que_servem(novo_sistema: Callable[..., Sistema], producao: str) -> None:
    # dado um serviço que os outros procuram por um nome, e o mundo por outros
    sistema = novo_sistema(
        PAGAMENTOS_REST_URL="http://pagamentos.interno:8001",
        PAGAMENTOS_URL_PUBLICA="https://pagamentos.example.com:8444",
        ALLOWED_HOSTS="loja.example.com",
        PRODUCAO=producao,
    )
    sistema.iniciar("pagamentos")

    def status(caminho: str, host: str) -> int:
        resposta = sistema.pedir(
            "GET", "pagamentos", caminho, chave="interna", headers={"Host": host}
        )
        if resposta.status_code == 400:
            problema(resposta, 400, "entrada_invalida")
        return resposta.status_code

    # então todos servem, os locais também, e outro não
    servem = (
        *("pagamentos.interno:8001", "pagamentos.example.com:8444", "loja.example.com"),
        *("127.0.0.1", "localhost:80", "[::1]"),
    )
    assert {host: status("/pagamentos", host) for host in servem} == dict.fromkeys(servem, 200)
    assert status("/pagamentos", "outra.example.com") == 400
    # e a quem vigia se responde por qualquer nome
    for sonda in ("/saude", "/prontidao"):
        assert status(sonda, "10.0.0.7:8001") == 200
