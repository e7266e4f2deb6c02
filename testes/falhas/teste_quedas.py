"""As quedas marcadas só existem onde se pediu: nunca em produção, e sem armar não custam nada."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from ecommerce.quedas import PONTOS, marca
from laboratorio.sistema.processos import RAIZ, Sistema, ambiente_de_teste


def teste_a_producao_recusa_quedas_armadas(tmp_path: Path) -> None:
    saida = subprocess.run(
        [sys.executable, "manage.py", "check", "--settings=ecommerce.settings.pedidos"],
        cwd=RAIZ,
        env=ambiente_de_teste(tmp_path, PRODUCAO="1", QUEDAS_ARMADAS="1"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert saida.returncode != 0
    assert "QUEDAS_ARMADAS" in saida.stderr


def teste_desarmadas_as_marcas_nao_derrubam_ninguem(sistema: Sistema) -> None:
    marcas = [marca(sistema.pasta, "estoque", "rest", ponto) for ponto in PONTOS]
    for arquivo in marcas:
        arquivo.touch()
    entrada = {"quantidade": 1}
    resposta = sistema.pedir("POST", "estoque", "/estoque/1/entrada", chave="interna", json=entrada)
    assert resposta.ok
    assert all(arquivo.exists() for arquivo in marcas)
    for arquivo in marcas:
        arquivo.unlink()


@pytest.mark.parametrize(("ponto", "gravou"), list(zip(PONTOS, (0, 1, 1), strict=True)))
def teste_armada_derruba_uma_vez_no_ponto_marcado(
    ponto: str, gravou: int, novo_sistema: Callable[..., Sistema]
) -> None:
    sistema = novo_sistema(QUEDAS_ARMADAS="1")
    sistema.iniciar("estoque")
    antes = sistema.ler("estoque", "/estoque/1")["disponivel"]
    marca(sistema.pasta, "estoque", "rest", ponto).touch()
    caminho, entrada = "/estoque/1/entrada", {"quantidade": 1}
    with pytest.raises(requests.ConnectionError):
        sistema.pedir("POST", "estoque", caminho, chave="interna", json=entrada)
    assert sistema.processos["estoque"].wait(10) == -signal.SIGKILL
    sistema.iniciar("estoque")
    assert sistema.ler("estoque", "/estoque/1")["disponivel"] == antes + gravou
    assert sistema.pedir("POST", "estoque", caminho, chave="interna", json=entrada).ok
