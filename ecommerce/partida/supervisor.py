"""Mantém um comando no ar: `python -m ecommerce.partida.supervisor COMANDO...`, como no Procfile.

O comando que morre recomeça; o que sobrou do grupo dele é morto antes, porque um worker órfão
segura a porta. SIGTERM e SIGINT deixam o comando terminar o que tem em curso. Importa pouco,
porque há um destes para cada processo do sistema.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from types import FrameType

from ecommerce import ambiente
from ecommerce.servicos import SERVICOS

VIDA_NORMAL_S = 10.0  # quem viveu menos que isso está caindo em série
ESPERA_MAXIMA_S = 1.5
FOLGA_PARA_TERMINAR_S = 3.0
_PR_SET_PDEATHSIG = 1  # <sys/prctl.h>


class Supervisor:
    """Um comando e o que se sabe dele; os tratadores de sinal mexem no mesmo estado."""

    def __init__(self, comando: list[str], prazo_s: float) -> None:
        self._comando = comando
        self._prazo_s = prazo_s
        self._pai = os.getppid()
        self._filho: subprocess.Popen[bytes] | None = None
        self._matar_em: float | None = None

    def rodar(self) -> int:
        """Só volta depois de um sinal de parada; devolve o código de saída do comando."""
        for sinal in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sinal, self._ao_mandarem_parar)
        signal.signal(signal.SIGALRM, self._ao_passar_um_instante)
        signal.setitimer(signal.ITIMER_REAL, 0.5, 0.5)
        try:
            return self._manter_no_ar()
        finally:
            # ao acabar, o Python devolve cada um destes ao padrão, que é morrer do sinal
            for sinal in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM):
                signal.signal(sinal, signal.SIG_IGN)

    def _manter_no_ar(self) -> int:
        codigo, espera_s = 0, 0.0
        while self._matar_em is None:
            codigo, viveu_s = self._rodar_uma_vez()
            if self._matar_em is None:
                espera_s = 0.0 if viveu_s > VIDA_NORMAL_S else min(espera_s + 0.25, ESPERA_MAXIMA_S)
                self._avisar(codigo, espera_s)
                self._esperar(espera_s)
        return codigo

    def _rodar_uma_vez(self) -> tuple[int, float]:
        """Começa o comando, espera que acabe e devolve (código de saída, segundos de vida)."""
        inicio = time.monotonic()
        self._filho = subprocess.Popen(  # noqa: S603
            self._comando,
            process_group=0,
            preexec_fn=_morrer_com_o_supervisor,  # noqa: PLW1509 - aqui não há threads
        )
        if self._matar_em is not None:  # o sinal chegou enquanto o comando nascia
            self._filho.terminate()
        codigo = self._filho.wait()
        self._matar_grupo()
        return codigo, time.monotonic() - inicio

    def _ao_mandarem_parar(self, sinal: int, _quadro: FrameType | None) -> None:
        """O primeiro sinal pede que o comando termine; o segundo não espera mais."""
        if self._matar_em is not None:
            self._matar_grupo()
            return
        self._matar_em = time.monotonic() + self._prazo_s
        if self._filho:
            self._filho.terminate()

    def _ao_passar_um_instante(self, sinal: int, quadro: FrameType | None) -> None:
        if self._matar_em is None and os.getppid() != self._pai:
            self._ao_mandarem_parar(sinal, quadro)
        elif self._matar_em is not None and time.monotonic() > self._matar_em:
            self._matar_grupo()

    def _matar_grupo(self) -> None:
        if self._filho:
            # o macOS nega a permissão quando do grupo só restam zumbis
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._filho.pid, signal.SIGKILL)

    def _esperar(self, segundos: float) -> None:
        fim = time.monotonic() + segundos
        while self._matar_em is None and time.monotonic() < fim:
            time.sleep(0.05)

    def _avisar(self, codigo: int, espera_s: float) -> None:
        aviso = (
            f"supervisor: {' '.join(self._comando)} acabou com código {codigo};"
            f" recomeça em {espera_s:.2f} s\n"
        )
        with suppress(OSError):  # sem onde dizê-lo, recomeça do mesmo modo
            os.write(2, aviso.encode())


def _morrer_com_o_supervisor() -> None:
    """No Linux, o comando recebe SIGTERM se o supervisor for morto sem poder avisar."""
    if sys.platform == "linux":
        import ctypes  # noqa: PLC0415 - só o filho paga por ele

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def main() -> int:
    if len(sys.argv) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    ambiente.carregar_ou_sair(SERVICOS)
    prazo_checkout_s = ambiente.PRAZO_CHECKOUT_MS.ler() / 1000
    return Supervisor(sys.argv[1:], prazo_checkout_s + FOLGA_PARA_TERMINAR_S).rodar()


if __name__ == "__main__":
    sys.exit(main())
