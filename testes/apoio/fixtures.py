"""Os sistemas que os testes entre serviços usam: um comum a todos, e outros para derrubar."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from laboratorio.sistema.processos import Sistema, ambiente_de_teste, preparar_bancos
from testes.apoio.nginx import HOST

# nada de contas, atualizações nem chamadas que não sejam as da página
OPCOES_DO_CHROMIUM = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    f"--host-resolver-rules=MAP {HOST} 127.0.0.1",
)


@pytest.fixture(scope="session")
def bancos_prontos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Os seis bancos migrados e semeados, preparados uma vez e copiados para cada sistema."""
    pasta = tmp_path_factory.mktemp("bancos-prontos")
    preparar_bancos(ambiente_de_teste(pasta))
    return pasta


@pytest.fixture(scope="session")
def sistema(bancos_prontos: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sistema]:
    """O sistema que os testes dividem; quem derruba ou reconfigura pede um `novo_sistema`."""
    comum = _com_bancos_copiados(bancos_prontos, tmp_path_factory.mktemp("sistema"))
    try:
        comum.iniciar()
        yield comum
    finally:
        comum.encerrar()


@pytest.fixture
def novo_sistema(
    bancos_prontos: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Sistema]]:
    """Cria sistemas próprios do teste, com as variáveis de ambiente dadas, ainda parados."""
    criados: list[Sistema] = []

    def criar(**variaveis: str) -> Sistema:
        pasta = tmp_path_factory.mktemp("sistema-proprio")
        criados.append(_com_bancos_copiados(bancos_prontos, pasta, **variaveis))
        return criados[-1]

    yield criar
    for criado in criados:
        criado.encerrar()


def _com_bancos_copiados(modelo: Path, pasta: Path, **variaveis: str) -> Sistema:
    for banco in modelo.glob("*.db"):
        shutil.copy(banco, pasta)
    return Sistema(pasta, variaveis)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Um Chromium de verdade, sem janela; sem ele no PATH o teste é saltado, salvo com CI=true."""
    programa = shutil.which("chromium")
    if programa is None:
        motivo = "o chromium não está no PATH (no Debian: apt install chromium)"
        if os.environ.get("CI") == "true":
            pytest.fail(motivo)
        pytest.skip(motivo)
    with sync_playwright() as playwright:
        navegador = playwright.chromium.launch(
            executable_path=programa, args=list(OPCOES_DO_CHROMIUM)
        )
        yield navegador
        navegador.close()
