"""Um disjuntor por serviço chamado: quem não atende é deixado em paz por um instante.

Fechado, deixa passar. Abre depois de algumas faltas seguidas, e então recusa na hora; passada a
pausa fica meio aberto: uma sondagem só, e os outros continuam recusados até que ela volte. Uma
resposta qualquer, mesmo uma recusa, diz que o serviço está vivo. A trava guarda o estado, nunca
a chamada: as chamadas seguem em paralelo.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ecommerce.erros import Indisponivel

FALTAS_PARA_ABRIR = 5
PAUSA_S = 1.0


class Disjuntor:
    """O estado de um serviço, visto por este processo; `relogio` dá segundos monotônicos."""

    def __init__(self, servico: str, relogio: Callable[[], float] = time.monotonic) -> None:
        self._servico, self._relogio = servico, relogio
        self._trava = threading.Lock()
        self._faltas = 0
        self._sondar_em: float | None = None  # None: fechado
        self._sondando = False

    @contextmanager
    def chamada(self, foi_resposta: Callable[[Exception], bool]) -> Iterator[None]:
        """Cerca uma chamada; `foi_resposta` diz se uma exceção dela é, ainda assim, uma resposta.

        Levanta Indisponivel, sem chamar, se o disjuntor está aberto.
        """
        sondagem = self._entrar()
        atendeu = False
        try:
            yield
            atendeu = True
        except Exception as erro:
            atendeu = foi_resposta(erro)
            raise
        finally:
            self._sair(atendeu, sondagem)

    def _entrar(self) -> bool:
        """Se esta chamada é a sondagem. Levanta Indisponivel se não deve acontecer."""
        with self._trava:
            if self._sondar_em is None:
                return False
            if self._sondando or self._relogio() < self._sondar_em:
                raise Indisponivel(f"O serviço {self._servico} não atende agora.")
            self._sondando = True
            return True

    def _sair(self, atendeu: bool, sondagem: bool) -> None:
        with self._trava:
            if sondagem:
                self._sondando = False
            if atendeu:
                self._faltas, self._sondar_em = 0, None
                return
            self._faltas += 1
            if sondagem or self._faltas >= FALTAS_PARA_ABRIR:
                self._sondar_em = self._relogio() + PAUSA_S


class _PorServico(defaultdict[str, Disjuntor]):
    def __missing__(self, servico: str) -> Disjuntor:
        return self.setdefault(servico, Disjuntor(servico))


DISJUNTORES = _PorServico()
