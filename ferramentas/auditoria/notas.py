"""I9: a numeração das notas, série por série, sem buracos nem repetições."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from ecommerce.mensagens import LinhaNota
from ferramentas.auditoria.apis import incompreensivel, ler_pagina
from ferramentas.auditoria.numeros import Numeros


@dataclass
class Numeradas:
    """Os números lidos de cada série, e os que apareceram mais de uma vez."""

    series: dict[int, Numeros] = field(default_factory=lambda: defaultdict(Numeros))
    repetidos: list[tuple[int, int]] = field(default_factory=list)

    def contar(self, nota: LinhaNota) -> None:
        """Conta o número da nota; uma lápide não tem. Levanta Indisponivel se não é um número."""
        if nota.numero is None or nota.serie is None:
            return
        if not str(nota.numero).isdecimal():
            raise incompreensivel("fiscal", "/notas")
        numero = int(nota.numero)
        if not self.series[nota.serie].adicionar(numero):
            self.repetidos.append((nota.serie, numero))

    @property
    def quantas(self) -> int:
        return sum(numeros.quantos for numeros in self.series.values()) + len(self.repetidos)


def conferir_numeracao(numeracao: Numeradas) -> Iterator[tuple[int, list[str]]]:
    """Cada número que viola I9, e por quê. Levanta Indisponivel.

    Uma nota emitida durante a leitura pode ter escapado dela: o que falta é procurado de novo.
    """
    for serie, numero in numeracao.repetidos:
        yield numero, [f"repetido na série {serie}"]
    for serie, numeros in sorted(numeracao.series.items()):
        for numero in numeros.buracos():
            achadas, _ = ler_pagina("fiscal", "/notas", filtros={"numero": numero})
            if not any(nota.get("serie") == serie for nota in achadas):
                yield numero, [f"falta na série {serie}"]
