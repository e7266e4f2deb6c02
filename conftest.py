"""O que todo teste tem: uma chamada em curso, como a que o transporte abriria."""

import signal

import pytest
from hypothesis import settings

from ecommerce.contexto import Chamada, iniciar

# os sistemas em processos de verdade, iguais para quem atravessa os serviços
pytest_plugins = ["testes.apoio.fixtures"]

# os mesmos exemplos a cada corrida, e sem prazo: a máquina pode estar ocupada com outra coisa
settings.register_profile("os-mesmos", deadline=None, derandomize=True, database=None)
settings.load_profile("os-mesmos")


@pytest.fixture(autouse=True)
def chamada() -> Chamada:
    return iniciar("rest", prazo_ms=10_000)


def pytest_configure() -> None:
    # um shell que não é interativo manda ignorar o Ctrl-C a quem põe em segundo plano, e isso se
    # herda: os comandos a que alguns testes o dão não o veriam
    signal.signal(signal.SIGINT, signal.default_int_handler)
