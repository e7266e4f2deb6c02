"""Um conjunto de inteiros positivos que custa um bit por número, e diz onde há buracos."""

from __future__ import annotations

from collections.abc import Iterator

_BITS = 4096


class Numeros:
    """Blocos de bits guardados só onde há números: um perdido lá longe custa um bloco."""

    def __init__(self) -> None:
        self._blocos: dict[int, bytearray] = {}
        self.quantos = 0

    def adicionar(self, numero: int) -> bool:
        """Põe o número; False se ele já estava."""
        if numero in self:
            return False
        bloco = self._blocos.setdefault(numero // _BITS, bytearray(_BITS // 8))
        bloco[numero % _BITS // 8] |= 1 << numero % 8
        self.quantos += 1
        return True

    def __contains__(self, numero: int) -> bool:
        bloco = self._blocos.get(numero // _BITS)
        return bloco is not None and bool(bloco[numero % _BITS // 8] & 1 << numero % 8)

    def __iter__(self) -> Iterator[int]:
        """Os números, do menor ao maior."""
        for posicao in sorted(self._blocos):
            inicio = posicao * _BITS
            yield from (n for n in range(inicio, inicio + _BITS) if n in self)

    def buracos(self) -> Iterator[int]:
        """Os números que faltam de 1 até o maior."""
        esperado = 1
        for numero in self:
            yield from range(esperado, numero)
            esperado = numero + 1
