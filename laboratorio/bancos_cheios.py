"""Bancos que já têm muitos pedidos, para medir o que o tamanho custa."""

from __future__ import annotations

import subprocess
import sys

from ecommerce.servicos import SERVICOS
from laboratorio.sistema import RAIZ, Sistema


def encher_bancos(sistema: Sistema, pedidos: int) -> None:
    """Cria os seis bancos já com tantos pedidos terminados; a barra é a do gerar_dados.

    Levanta CalledProcessError se um comando falha; a saída dele diz por quê.
    """
    for servico in SERVICOS.values():
        _manage(sistema, "migrate", "--verbosity=0", f"--settings={servico.settings}")
    _manage(sistema, "gerar_dados", "--destino=bancos", f"--pedidos={pedidos}")


def _manage(sistema: Sistema, *comando: str) -> None:
    subprocess.run(  # noqa: S603 - o comando é do projeto
        [sys.executable, "manage.py", *comando],
        cwd=RAIZ,
        env=sistema.ambiente,
        stdout=sys.stderr,  # a saída padrão é de quem pediu o JSON
        check=True,
    )
