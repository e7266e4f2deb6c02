"""O tempo que passa sem que ninguém tente: o sistema desligado, suspenso ou com a hora trocada."""

from __future__ import annotations

import time

from laboratorio.sistema.processos import TERMINA_EM_S, esperar, processo_de
from testes.apoio.clientela import Compra, comprar
from testes.apoio.portas import Porta
from testes.falhas.bancada import Bancada, Cenario, no_prazo
from testes.falhas.quebras import esperar_enviado, esperar_tentativa

HORA_S = 3600  # quatro vezes DESISTIR_APOS_S
DESISTIR_LOGO_S = 4
INSTANTES = ("data_criacao", "em_curso_ate", "retomar_em", "adiado_em")


def relogio_saltou(salto_s: int) -> Cenario:
    """Com um pedido à espera da logística, o relógio da máquina anda de repente `salto_s`."""

    def cenario(bancada: Bancada, porta: Porta) -> list[Compra]:
        compra = _sem_logistica(bancada, porta)
        _saltar(bancada, salto_s)
        bancada.sistema.iniciar(processo_de("logistica", porta.nome))
        esperar_enviado(bancada, compra)
        return no_prazo([compra])

    return cenario


def desligado(bancada: Bancada, porta: Porta) -> list[Compra]:
    """A máquina cai com um pedido à espera da logística, e só volta muito depois."""
    compra = _sem_logistica(bancada, porta)
    nomes = list(bancada.sistema.processos)
    bancada.sistema.encerrar()
    _saltar(bancada, HORA_S)
    bancada.sistema.iniciar(*nomes)
    esperar_enviado(bancada, compra)
    return no_prazo([compra])


def suspenso(bancada: Bancada, porta: Porta) -> list[Compra]:
    """Todos param por mais que DESISTIR_APOS_S, e o `retomar` no meio de uma tentativa."""
    sistema = bancada.sistema
    sistema.parar("retomar")
    sistema.variaveis["DESISTIR_APOS_S"] = str(DESISTIR_LOGO_S)
    sistema.iniciar("retomar")
    parada = processo_de("logistica", porta.nome)
    sistema.congelar(parada)
    compra = comprar(porta)
    assert compra.pedido_id and compra.interrompida
    esperar_tentativa(bancada, compra.pedido_id)
    for nome in sistema.processos:
        sistema.congelar(nome)
    time.sleep(DESISTIR_LOGO_S + 1)
    for nome in sistema.processos.keys() - {parada}:
        sistema.descongelar(nome)
    _esperar_em_vao(bancada, compra)
    sistema.descongelar(parada)
    esperar_enviado(bancada, compra)
    del sistema.variaveis["DESISTIR_APOS_S"]
    sistema.parar("retomar")
    sistema.iniciar("retomar")
    return no_prazo([compra])


def _sem_logistica(bancada: Bancada, porta: Porta) -> Compra:
    """Um pedido que o `retomar` já tentou em vão, e espera para tentar de novo."""
    bancada.sistema.matar(processo_de("logistica", porta.nome))
    compra = comprar(porta)
    assert compra.pedido_id and compra.interrompida
    _esperar_em_vao(bancada, compra)
    return compra


def _esperar_em_vao(bancada: Bancada, compra: Compra) -> None:
    """Volta quando uma tentativa do `retomar` acabou, e o pedido não."""
    log = bancada.sistema.pasta / "retomar.log"
    tentado = f'"pedido_id":{compra.pedido_id},'
    esperar(lambda: tentado in log.read_text(encoding="utf-8"), TERMINA_EM_S, "o retomar tentar")


def _saltar(bancada: Bancada, salto_s: int) -> None:
    """O que está guardado fica `salto_s` mais longe de agora: é o que faz um relógio que salta."""
    mudancas = ", ".join(
        f"{nome} = strftime('%Y-%m-%d %H:%M:%f', {nome}, '{-salto_s} seconds')"
        for nome in INSTANTES
    )
    bancada.sistema.executar_sql("pedidos", f"UPDATE pedidos_pedido SET {mudancas}")  # noqa: S608
