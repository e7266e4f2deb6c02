"""O gerador de carga, num processo só seu: `python -m laboratorio.carga.gerador`.

A primeira linha da entrada diz o que fazer, em JSON (os campos de `Parametros`). Ele aquece,
responde "pronto" e espera outra linha para começar a valer. O fim da entrada, SIGINT ou SIGTERM
param tudo, e o diário fica com o que se viu até ali.
"""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()  # antes de qualquer outra importação

import json
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from secrets import token_hex
from typing import Any

import gevent
import grpc.experimental.gevent
from gevent.event import Event
from gevent.fileobject import FileObject
from gevent.pool import Pool
from locust.env import Environment
from locust.exception import StopUser

from laboratorio.carga.compradores import EM_CURSO_MAXIMO, ESPERA_MAXIMA_S, comprador
from laboratorio.carga.encomendas import Carga, chegadas, encomendas
from laboratorio.carga.registros import Diario, Registro

NOVOS_POR_SEGUNDO = 100
SOBRECARGA, ESPERA_DO_EXCESSO_S = "sobrecarga", 1  # o que o Retry-After pede
EXCEDENTE = "excedente"  # nem saiu: o gerador já tinha o máximo em curso


@dataclass(frozen=True)
class Parametros:
    """O que fazer: alvo, onde ele está, com que chave, que carga, e onde escrever o diário."""

    alvo: str
    endereco: str
    chave: str
    arquivo: str
    aquecimento_s: float
    carga: Carga


class Fase:
    """Uma carga, do começo à última resposta; `anotar` recebe cada pedido."""

    def __init__(self, carga: Carga, anotar: Callable[[Registro], None]) -> None:
        self.carga = carga
        self.anotar = anotar
        self.encomendas = enumerate(encomendas(carga.semente))
        self.corrida = token_hex(8)  # a mesma semente em outra corrida são outros pedidos
        self.inicio = 0.0
        self.erros: list[BaseException | None] = []

    def comprar(self, usuario: Any, marcado: float | None = None) -> None:
        """Uma compra, cuja demora conta da hora marcada."""
        comeco = time.monotonic() if marcado is None else marcado
        ordem, corpo = next(self.encomendas)
        chave = f"{self.corrida}-{ordem}"
        desfecho, pedido_id = usuario.comprar(corpo, chave)
        demora_ms = (time.monotonic() - comeco) * 1000
        usuario.espera_s = ESPERA_DO_EXCESSO_S if desfecho == SOBRECARGA else 0
        self.anotar(
            Registro(
                round(comeco - self.inicio, 6), round(demora_ms, 3), desfecho, pedido_id, chave
            )
        )

    def atender_chegadas(self, usuario: Any) -> None:
        """Cada encomenda na sua hora, sem esperar pelas anteriores; no fim, todas as respostas."""
        em_curso = Pool(EM_CURSO_MAXIMO)
        try:
            for quando in chegadas(self.carga.semente, self.carga.taxa or 0, self.carga.segundos):
                gevent.sleep(max(0.0, self.inicio + quando - time.monotonic()))
                if em_curso.full():
                    self.anotar(Registro(round(quando, 6), 0.0, EXCEDENTE))
                else:
                    compra = em_curso.spawn(self.comprar, usuario, self.inicio + quando)
                    compra.link_exception(lambda falha: self.erros.append(falha.exception))
            em_curso.join()
        finally:
            em_curso.kill()
        raise StopUser

    def rodar(self, classe: type[Any], parar: Event) -> None:
        """Até a última resposta, ou até `parar`, que abandona o que está em curso.

        Levanta RuntimeError se um cliente falhou por outra coisa que não a resposta.
        """
        fechado = self.carga.modo == "fechado"
        tarefa = self.comprar if fechado else self.atender_chegadas
        usuarios = self.carga.clientes or 1
        proprio = {
            "tasks": [tarefa],
            "espera_s": 0,
            "wait_time": lambda usuario: usuario.espera_s,
        }
        ambiente = Environment(
            user_classes=[type("DaFase", (classe,), proprio)], stop_timeout=ESPERA_MAXIMA_S + 1
        )
        ambiente.events.user_error.add_listener(lambda exception, **_: self.erros.append(exception))
        corredor = ambiente.create_local_runner()
        self.inicio = time.monotonic()
        corredor.start(usuarios, spawn_rate=min(usuarios, NOVOS_POR_SEGUNDO))
        if parar.wait(self.carga.segundos):
            ambiente.stop_timeout = 0
        corredor.quit()
        if self.erros:
            raise RuntimeError("um cliente da carga falhou") from self.erros[0]


def gerar(parametros: Parametros, valendo: Event, parar: Event) -> None:
    """Aquece, espera `valendo` e gera a carga, escrevendo o diário."""
    classe = comprador(parametros.alvo, parametros.endereco, parametros.chave)
    if parametros.aquecimento_s:
        previa = replace(parametros.carga, segundos=parametros.aquecimento_s)
        Fase(previa, lambda _: None).rodar(classe, parar)
    print("pronto", flush=True)
    gevent.wait([valendo, parar], count=1)
    cpu_antes, inicio = time.process_time(), time.monotonic()
    with Diario(Path(parametros.arquivo), inicio) as diario:
        Fase(parametros.carga, diario.anotar).rodar(classe, parar)
        diario.fechar(
            segundos=time.monotonic() - inicio,
            cpu_s=time.process_time() - cpu_antes,
            inteiro=not parar.is_set(),
        )


def main() -> None:
    grpc.experimental.gevent.init_gevent()
    valendo, parar = Event(), Event()
    for sinal in (signal.SIGINT, signal.SIGTERM):
        gevent.signal_handler(sinal, parar.set)
    entrada = FileObject(sys.stdin.fileno(), "r", closefd=False)
    pedido = json.loads(entrada.readline())
    carga = Carga(**pedido.pop("carga"))

    def ouvir() -> None:
        if entrada.readline():
            valendo.set()
            entrada.read()
        parar.set()  # quem mandava morreu

    gevent.spawn(ouvir)
    gerar(Parametros(**pedido, carga=carga), valendo, parar)


if __name__ == "__main__":
    main()
