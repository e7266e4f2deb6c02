"""A saída de quem não pode parar por causa dela: o disco enche, o terminal se fecha, e segue-se."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable


class Contador:
    """Quantas vezes algo aconteceu desde a última que se perguntou, em todas as threads."""

    def __init__(self) -> None:
        self._trava = threading.Lock()
        self._quantas = 0

    def contar(self, quantas: int = 1) -> None:
        with self._trava:
            self._quantas += quantas

    def zerar(self) -> int:
        with self._trava:
            quantas, self._quantas = self._quantas, 0
        return quantas


class Saida:
    """Escreve linhas inteiras num descritor, sem buffer; a que não se consegue escrever se perde.

    `aviso` faz, do número de linhas perdidas, a linha que o diz: sai antes da próxima que couber.
    O que não chega a ser escrito por outra razão se soma em `perdidas`.
    """

    def __init__(self, descritor: int, aviso: Callable[[int], bytes]) -> None:
        self._descritor, self._aviso = descritor, aviso
        self._trava = threading.Lock()
        self._cortada = False
        self.perdidas = Contador()

    def escrever(self, linha: bytes) -> None:
        """Uma linha, com o seu fim; espera se quem lê está atrasado."""
        with self._trava:
            perdidas = self.perdidas.zerar()
            if perdidas and self._coube(self._aviso(perdidas)):
                perdidas = 0
            if perdidas or not self._coube(linha):
                self.perdidas.contar(perdidas + 1)

    def _coube(self, linha: bytes) -> bool:
        """Se a linha saiu inteira; a que se segue a uma cortada não se cola a ela."""
        resto = b"\n" + linha if self._cortada else linha
        try:
            while resto:
                resto = resto[os.write(self._descritor, resto) :]
                self._cortada = bool(resto)
        except OSError:
            return False
        return True
