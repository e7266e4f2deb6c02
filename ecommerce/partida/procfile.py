"""As linhas do Procfile como processos vivos, cada saída com o seu prefixo."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from queue import SimpleQueue

from honcho.colour import get_colours
from honcho.environ import parse_procfile
from honcho.printer import Message, Printer
from honcho.process import Popen

from ecommerce.ambiente import PRAZO_CHECKOUT_MS
from ecommerce.servicos import SERVICOS

# o contrato dá 5 s além do prazo do checkout para que tudo acabe
FOLGA_PARA_PARAR_S = 4.0
ESPERA_PARA_RECOMECAR_S = 1.0
_PASSOS = frozenset(SERVICOS) - {"pedidos"}

Saidas = SimpleQueue[Message | None]


class Linha(threading.Thread):
    """Uma linha do Procfile no ar: recomeça o processo que cai e recolhe o que ele escreve."""

    def __init__(self, nome: str, comando: str, pasta: Path, cor: str, saidas: Saidas) -> None:
        super().__init__(name=nome, daemon=True)
        self._comando, self._pasta, self._cor, self._saidas = comando, pasta, cor, saidas
        self._processo: Popen | None = None
        self._parando = threading.Event()
        self._trava = threading.Lock()  # sem ela um processo poderia nascer depois da parada

    def run(self) -> None:
        while processo := self._novo_processo():
            for texto in processo.stdout:
                self._saidas.put(Message("line", texto, datetime.now(), self.name, self._cor))
            processo.wait()
            self._parando.wait(ESPERA_PARA_RECOMECAR_S)

    def mandar_parar(self) -> None:
        """SIGTERM ao supervisor da linha: o primeiro espera o que está em curso, o segundo mata."""
        with self._trava:
            self._parando.set()
            if self._processo:
                self._processo.terminate()

    def _novo_processo(self) -> Popen | None:
        with self._trava:
            if self._parando.is_set():
                return None
            self._processo = Popen(self._comando, cwd=self._pasta)
            return self._processo


@contextmanager
def processos_do_procfile(procfile: Path) -> Iterator[None]:
    """Mantém todas as linhas no ar enquanto o bloco dura; ao sair, para-as em ordem."""
    comandos = parse_procfile(procfile.read_text(encoding="utf-8")).processes
    saidas: Saidas = SimpleQueue()
    largura = max(map(len, comandos))
    impressor = threading.Thread(target=_imprimir, args=(saidas, largura), daemon=True)
    impressor.start()
    linhas = [
        Linha(nome, comando, procfile.parent, cor, saidas)
        for (nome, comando), cor in zip(comandos.items(), get_colours(), strict=False)
    ]
    try:
        for linha in linhas:
            linha.start()
        yield
    finally:
        _parar_em_ordem(linhas)
        saidas.put(None)
        impressor.join(1)


def _parar_em_ordem(linhas: list[Linha]) -> None:
    """Quem conduz pedidos para antes dos passos da cadeia: o que está em curso ainda termina.

    Um a um não caberia no prazo numa máquina ocupada: são doze serviços e o `retomar`.
    """
    prazo_checkout_s = PRAZO_CHECKOUT_MS.ler() / 1000
    limite = time.monotonic() + prazo_checkout_s + FOLGA_PARA_PARAR_S
    vivas = [linha for linha in linhas if linha.is_alive()]
    passos = {linha for linha in vivas if linha.name.removesuffix("-grpc") in _PASSOS}
    for onda in (set(vivas) - passos, passos):
        for linha in onda:
            linha.mandar_parar()
        for linha in onda:
            linha.join(max(0.0, limite - time.monotonic()))
    for linha in vivas:
        if linha.is_alive():
            linha.mandar_parar()
    for linha in vivas:
        linha.join(1)


def _imprimir(saidas: Saidas, largura: int) -> None:
    impressora = Printer(sys.stdout, width=largura)
    while mensagem := saidas.get():
        with suppress(BrokenPipeError):  # quem lia o log foi embora; os serviços seguem
            impressora.write(mensagem)
