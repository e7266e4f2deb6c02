"""O que cada processo consome: CPU exata, e retratos de memória, threads e arquivos."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass

import psutil

Processos = Mapping[str, subprocess.Popen[bytes]]


@dataclass(frozen=True)
class Amostra:
    """Um processo (com os filhos) no segundo `t`; a CPU é a média desde a amostra anterior."""

    t: float
    processo: str
    cpu_por_cento: float
    memoria_mb: float
    threads: int
    arquivos: int


def cpu_s(processos: Processos) -> dict[str, float]:
    """CPU (s) que cada processo e os filhos dele gastaram até agora; 0 para os que morreram."""
    return {nome: sum(map(_cpu, _arvore(popen.pid))) for nome, popen in processos.items()}


class Amostrador:
    """Retrata os processos vivos; `t` conta desde a criação."""

    def __init__(self, processos: Processos) -> None:
        self.processos = processos
        self.amostras: list[Amostra] = []
        self._comeco = self._antes = time.monotonic()
        self._cpu = cpu_s(processos)

    def retratar(self) -> None:
        agora, cpu = time.monotonic(), cpu_s(self.processos)
        for nome, popen in self.processos.items():
            vivos = [retrato for p in _arvore(popen.pid) if (retrato := _retrato(p))]
            if vivos:
                memoria, threads, arquivos = (sum(parcela) for parcela in zip(*vivos, strict=True))
                gasto = (cpu[nome] - self._cpu[nome]) / (agora - self._antes)
                self.amostras.append(
                    Amostra(
                        round(agora - self._comeco, 2),
                        nome,
                        # quem renasceu voltou a contar do zero
                        round(max(0.0, gasto) * 100, 1),
                        round(memoria / 2**20, 1),
                        int(threads),
                        int(arquivos),
                    )
                )
        self._antes, self._cpu = agora, cpu


def _arvore(pid: int) -> list[psutil.Process]:
    """O processo e os filhos, como o mestre e o operário do gunicorn; vazia se ele morreu."""
    try:
        processo = psutil.Process(pid)
        return [processo, *processo.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _cpu(processo: psutil.Process) -> float:
    try:
        tempos = processo.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(tempos.user + tempos.system)


def _retrato(processo: psutil.Process) -> tuple[float, int, int] | None:
    """Memória (bytes), threads e arquivos abertos; None se o processo já não está."""
    try:
        with processo.oneshot():
            inteira = processo.memory_full_info()
            # a parte proporcional não conta duas vezes o que mestre e operário dividem
            memoria = getattr(inteira, "pss", inteira.rss)
            return float(memoria), processo.num_threads(), processo.num_fds()
    except (psutil.NoSuchProcess, psutil.AccessDenied):  # um zumbi não se deixa ler
        return None
