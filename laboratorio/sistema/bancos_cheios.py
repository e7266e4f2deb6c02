"""Bancos que já têm muitos pedidos, para medir o que o tamanho custa."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import IO

from ecommerce.servicos import SERVICOS
from laboratorio.sistema.processos import RAIZ, Sistema

PASSO_S = 1.0


def encher_bancos(
    sistema: Sistema, pedidos: int, saida: IO[str], enquanto: Callable[[], None] = lambda: None
) -> None:
    """Cria os bancos dos seis serviços já com tantos pedidos terminados.

    `saida` recebe o que os comandos dizem, a barra do gerar_dados também; `enquanto` é chamada
    logo que ele começa, e a cada segundo. Interrompido, não deixa processos. Levanta
    CalledProcessError se um comando falha.
    """
    for servico in SERVICOS.values():
        for alias in servico.bancos:
            qual = (f"--database={alias}", f"--settings={servico.settings}")
            _manage(sistema, saida, "migrate", "--verbosity=0", *qual)
    gerar = ("gerar_dados", "--destino=bancos", f"--pedidos={pedidos}")
    _manage(sistema, saida, *gerar, enquanto=enquanto)


def _manage(
    sistema: Sistema, saida: IO[str], *comando: str, enquanto: Callable[[], None] = lambda: None
) -> None:
    inteiro = [sys.executable, "manage.py", *comando]
    processo = subprocess.Popen(  # noqa: S603 - o comando é do projeto
        inteiro, cwd=RAIZ, env=sistema.ambiente, stdout=saida, stderr=saida
    )
    try:
        enquanto()
        while not _acabou(processo):
            enquanto()
    finally:
        processo.kill()
        processo.wait()
    if processo.returncode:
        raise subprocess.CalledProcessError(processo.returncode, inteiro)


def _acabou(processo: subprocess.Popen[bytes]) -> bool:
    try:
        processo.wait(PASSO_S)
    except subprocess.TimeoutExpired:
        return False
    return True
