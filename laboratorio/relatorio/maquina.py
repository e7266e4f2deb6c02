"""Em que máquina, com que versões e de que commit se mediu."""

from __future__ import annotations

import platform
import subprocess
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil

from laboratorio.sistema.processos import RAIZ

PACOTES = ("Django", "djangorestframework", "gunicorn", "requests", "grpcio", "protobuf", "locust")
# o próprio relatório muda a cada corrida
_CODIGO = (".", ":(exclude)relatorio")


def descrever() -> dict[str, Any]:
    """`maquina`, `versoes`, `commit` (None sem git) e se algo foi `alterado` desde ele."""
    return {
        "commit": _git("rev-parse", "--short=12", "HEAD"),
        "alterado": bool(_git("status", "--porcelain", "--untracked-files=no", "--", *_CODIGO)),
        "maquina": {
            "cpu": _cpu(),
            "nucleos": psutil.cpu_count(),
            "memoria_gb": round(psutil.virtual_memory().total / 2**30, 1),
            "sistema": f"{platform.system()} {platform.release()}",
        },
        "versoes": {"Python": platform.python_version()}
        | {pacote: version(pacote) for pacote in PACOTES},
    }


def _cpu() -> str:
    """O modelo, que só o Linux diz em /proc; nos outros, a arquitetura."""
    try:
        linhas = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    modelos = (linha.partition(":")[2].strip() for linha in linhas if "model name" in linha)
    return next(modelos, platform.machine())


def _git(*comando: str) -> str | None:
    try:
        saida = subprocess.run(  # noqa: S603 - o comando é do projeto
            ["git", *comando],  # noqa: S607
            cwd=RAIZ,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):  # sem git, ou uma cópia sem história
        return None
    return saida.stdout.strip()
