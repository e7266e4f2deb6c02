"""Quedas com hora marcada: o serviço morre, como por `kill -9`, num ponto que o teste escolheu.

Só com QUEDAS_ARMADAS=1, que a produção recusa, e com o arquivo de `marca()` em DADOS_DIR. Quem
cai apaga o arquivo antes: cada um derruba uma vez só.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path

from django.conf import settings

from ecommerce.contexto import chamada_atual

PONTOS = ("antes_do_commit", "depois_do_commit", "antes_da_resposta")
DEPOIS_DA_OPERADORA = "depois_da_operadora"  # só em pagamentos: ela respondeu, e nada se gravou


def cair_se_marcado(ponto: str) -> None:
    """Mata o grupo de processos do serviço, se há uma queda marcada para `ponto`."""
    if settings.QUEDAS_ARMADAS and _desmarcar(ponto):
        os.killpg(os.getpgrp(), signal.SIGKILL)


def marca(dados: Path, servico: str, transporte: str, ponto: str) -> Path:
    """O arquivo que marca a próxima queda de `servico` ao atender por `transporte`."""
    return dados / f"queda-{servico}-{transporte}-{ponto}"


def _desmarcar(ponto: str) -> bool:
    """Se havia a marca; de várias chamadas ao mesmo tempo, só uma a encontra."""
    arquivo = marca(settings.DADOS_DIR, settings.SERVICO, chamada_atual().transporte, ponto)
    try:
        arquivo.unlink()
    except FileNotFoundError:
        return False
    return True
