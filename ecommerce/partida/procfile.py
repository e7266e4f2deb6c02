"""As linhas do Procfile como processos vivos, cada saída com o seu prefixo."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from queue import Full, Queue

from honcho.colour import get_colours
from honcho.environ import parse_procfile
from honcho.process import Popen

from ecommerce.ambiente import PRAZO_CHECKOUT_MS
from ecommerce.saida import Saida
from ecommerce.servicos import SERVICOS

# o contrato dá 5 s além do prazo do checkout para que tudo acabe
FOLGA_PARA_PARAR_S = 4.0
ESPERA_PARA_RECOMECAR_S = 1.0
# o que se guarda de log, e na memória, enquanto quem lê a saída está parado: uns 16 MB no máximo
LINHAS_A_ESPERA, LINHA_MAXIMA = 1000, 16 * 1024
_SAIDA_PADRAO = 1
_PASSOS = frozenset(SERVICOS) - {"pedidos"}


class Impressora(threading.Thread):
    """Escreve o log na saída padrão; quem o manda nunca espera por ela.

    Se ninguém lê a saída, ou ela não aceita mais nada, linhas se perdem, e as que se seguem dizem
    quantas; os serviços não param por isso.
    """

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._fila: Queue[bytes | None] = Queue(LINHAS_A_ESPERA)
        self._saida = Saida(_SAIDA_PADRAO, lambda n: f"({n} linhas de log perdidas)\n".encode())

    def mandar(self, linha: bytes) -> None:
        try:
            self._fila.put_nowait(linha)
        except Full:
            self._saida.perdidas.contar()

    def run(self) -> None:
        while linha := self._fila.get():
            self._saida.escrever(linha)

    def terminar(self) -> None:
        """Dá a cada coisa um segundo: caber na fila, e sair o que já está nela."""
        with suppress(Full):
            self._fila.put(None, timeout=1)
        self.join(1)


class Linha(threading.Thread):
    """Uma linha do Procfile no ar: recomeça o processo que cai e recolhe o que ele escreve."""

    def __init__(
        self, nome: str, comando: str, pasta: Path, escrever: Callable[[bytes], None]
    ) -> None:
        super().__init__(name=nome, daemon=True)
        self._comando, self._pasta, self._escrever = comando, pasta, escrever
        self._processo: Popen | None = None
        self._parando = threading.Event()
        self._trava = threading.Lock()  # sem ela um processo poderia nascer depois da parada

    def run(self) -> None:
        while not self._parando.is_set():
            if processo := self._novo_processo():
                while texto := processo.stdout.readline(LINHA_MAXIMA):
                    self._escrever(texto.rstrip(b"\r\n"))
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
            try:
                self._processo = Popen(self._comando, cwd=self._pasta)
            except OSError as erro:  # a máquina não dá mais processos, memória ou arquivos
                self._escrever(f"não começa: {erro}".encode())
                return None
            return self._processo


@contextmanager
def processos_do_procfile(procfile: Path) -> Iterator[None]:
    """Mantém todas as linhas no ar enquanto o bloco dura; ao sair, para-as em ordem."""
    comandos = parse_procfile(procfile.read_text(encoding="utf-8")).processes
    largura = max(map(len, comandos))
    em_cores = os.isatty(_SAIDA_PADRAO)
    impressora = Impressora()
    impressora.start()

    def escrever(nome: str, cor: str, texto: bytes) -> None:
        prefixo = f"{datetime.now():%H:%M:%S} {nome:<{largura}} | "
        if em_cores:
            prefixo = f"\033[0m\033[{cor}m{prefixo}\033[0m"
        impressora.mandar(prefixo.encode() + texto + b"\n")

    linhas = [
        Linha(nome, comando, procfile.parent, partial(escrever, nome, cor))
        for (nome, comando), cor in zip(comandos.items(), get_colours(), strict=False)
    ]
    try:
        for linha in linhas:
            linha.start()
        yield
    finally:
        _parar_em_ordem(linhas)
        impressora.terminar()


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
