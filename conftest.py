"""O que todo teste tem: uma chamada em curso, como a que o transporte abriria."""

import pytest

from ecommerce.contexto import Chamada, iniciar


@pytest.fixture(autouse=True)
def chamada() -> Chamada:
    return iniciar("rest", prazo_ms=10_000)
