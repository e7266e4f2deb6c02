"""Quanto de CPU custa um checkout em cada transporte, no mesmo sistema e na mesma corrida."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median

import psutil
import pytest

from laboratorio.sistema import Sistema
from testes.compras import abastecer, corpo
from testes.portas import Porta, duas_portas

RODADAS, PEDIDOS = 4, 25


def cpu_s(sistema: Sistema) -> float:
    """CPU (s) que todos os processos do sistema gastaram até agora."""
    total = 0.0
    for processo in sistema.processos.values():
        pai = psutil.Process(processo.pid)
        for cada in (pai, *pai.children(recursive=True)):
            tempos = cada.cpu_times()
            total += tempos.user + tempos.system
    return total


def teste_grpc_custa_claramente_menos_que_rest(
    novo_sistema: Callable[..., Sistema], capsys: pytest.CaptureFixture[str]
) -> None:
    sistema = novo_sistema()
    sistema.iniciar()
    abastecer(sistema, 1)
    custos: dict[str, list[float]] = {"rest": [], "grpc": []}

    def medir(porta: Porta) -> float:
        antes = cpu_s(sistema)
        for _ in range(PEDIDOS):
            resposta, _ = porta.criar(corpo())
            assert resposta.categoria == "feito"
        return (cpu_s(sistema) - antes) / PEDIDOS * 1000

    with duas_portas(sistema) as portas:
        for porta in portas:
            medir(porta)  # aquece
        for _ in range(RODADAS):
            for porta in portas:
                custos[porta.nome].append(medir(porta))
    rest, por_grpc = median(custos["rest"]), median(custos["grpc"])
    with capsys.disabled():
        print(f"\nCPU por checkout: REST {rest:.1f} ms, gRPC {por_grpc:.1f} ms")
    assert por_grpc < 0.85 * rest
