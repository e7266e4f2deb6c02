"""O que cada processo consome: CPU exata, e retratos de memória, threads e arquivos."""

from __future__ import annotations

import subprocess
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import psutil

Processos = Mapping[str, subprocess.Popen[bytes]]
Arvores = dict[str, list[psutil.Process]]


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
    return _cpu_das(_arvores(processos))


def memoria_bytes(processo: psutil.Process) -> float:
    """A memória do processo, com cada página dividida entre quem a usa (só o Linux sabe)."""
    inteira = processo.memory_full_info()
    return float(getattr(inteira, "pss", inteira.rss))


class Amostrador:
    """Retrata os processos vivos; `t` conta desde a criação."""

    def __init__(self, processos: Processos) -> None:
        self.processos = processos
        self.amostras: list[Amostra] = []
        self._comeco = self._antes = time.monotonic()
        self._cpu = cpu_s(processos)

    def retratar(self) -> None:
        arvores = _arvores(self.processos)
        agora, cpu = time.monotonic(), _cpu_das(arvores)
        for nome, arvore in arvores.items():
            gasto = (cpu[nome] - self._cpu[nome]) / (agora - self._antes)
            amostra = _amostra(agora - self._comeco, nome, gasto, arvore)
            if amostra:
                self.amostras.append(amostra)
        self._antes, self._cpu = agora, cpu


def _arvores(processos: Processos) -> Arvores:
    """Cada processo e os filhos, como o mestre e o operário do gunicorn; vazia se ele morreu."""
    # uma leitura de /proc para todos: uma para cada um já pesaria na medida
    por_pid, filhos = {}, defaultdict(list)
    for processo in psutil.process_iter(["ppid"]):
        por_pid[processo.pid] = processo
        filhos[processo.info["ppid"]].append(processo)
    arvores = {}
    for nome, popen in processos.items():
        arvore = [por_pid[popen.pid]] if popen.pid in por_pid else []
        for processo in arvore:
            arvore.extend(filhos[processo.pid])
        arvores[nome] = arvore
    return arvores


def _cpu_das(arvores: Arvores) -> dict[str, float]:
    return {nome: sum(map(_cpu, arvore)) for nome, arvore in arvores.items()}


def _cpu(processo: psutil.Process) -> float:
    try:
        tempos = processo.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(tempos.user + tempos.system)


def _amostra(t: float, nome: str, gasto: float, arvore: list[psutil.Process]) -> Amostra | None:
    vivos = [retrato for processo in arvore if (retrato := _retrato(processo))]
    if not vivos:
        return None
    memoria, threads, arquivos = (sum(parcela) for parcela in zip(*vivos, strict=True))
    return Amostra(
        t=round(t, 2),
        processo=nome,
        # quem renasceu voltou a contar do zero
        cpu_por_cento=round(max(0.0, gasto) * 100, 1),
        memoria_mb=round(memoria / 2**20, 1),
        threads=int(threads),
        arquivos=int(arquivos),
    )


def _retrato(processo: psutil.Process) -> tuple[float, int, int] | None:
    """Memória (bytes), threads e arquivos abertos; None se o processo já não está."""
    try:
        return memoria_bytes(processo), processo.num_threads(), processo.num_fds()
    except (psutil.NoSuchProcess, psutil.AccessDenied):  # um zumbi não se deixa ler
        return None
