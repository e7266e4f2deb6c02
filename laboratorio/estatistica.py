"""As contas das medidas: percentis, mediana e o intervalo em que ela provavelmente está."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

REAMOSTRAS = 2000
CONFIANCA = 0.95


@dataclass(frozen=True)
class Intervalo:
    """A mediana e o intervalo de confiança de 95 % dela."""

    mediana: float
    de: float
    ate: float


def percentil(valores: Sequence[float], p: float) -> float:
    """O menor valor que não fica abaixo de `p` % deles; levanta ValueError se não há valores."""
    if not valores:
        raise ValueError("não há percentil de nada")
    posicao = max(1, math.ceil(len(valores) * p / 100))
    return sorted(valores)[posicao - 1]


def intervalo(valores: Sequence[float]) -> Intervalo:
    """Mediana e intervalo por bootstrap, com sorteio fixo; ValueError se não há valores."""
    if not valores:
        raise ValueError("não há mediana de nada")
    sorte = random.Random(0)  # noqa: S311 - não é segredo
    medianas = [median(sorte.choices(valores, k=len(valores))) for _ in range(REAMOSTRAS)]
    sobra = (1 - CONFIANCA) / 2 * 100
    return Intervalo(median(valores), percentil(medianas, sobra), percentil(medianas, 100 - sobra))
