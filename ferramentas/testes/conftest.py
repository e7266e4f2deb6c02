"""As fixtures dos testes das ferramentas: sistemas em processos de verdade."""

from testes.apoio.fixtures import (  # noqa: F401
    bancos_prontos,
    chromium,
    novo_sistema,
    sistema,
)
