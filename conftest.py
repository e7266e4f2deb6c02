"""O que todo teste tem: uma chamada em curso, como a que o transporte abriria."""

import signal

import pytest

from ecommerce.contexto import Chamada, iniciar

# os sistemas em processos de verdade, iguais para quem atravessa os serviços
pytest_plugins = ["testes.apoio.fixtures"]


@pytest.fixture(autouse=True)
def chamada() -> Chamada:
    return iniciar("rest", prazo_ms=10_000)


def pytest_configure() -> None:
    # um shell que não é interativo manda ignorar o Ctrl-C a quem põe em segundo plano, e isso se
    # herda: os comandos a que alguns testes o dão não o veriam
    signal.signal(signal.SIGINT, signal.default_int_handler)
