"""Quanto de CPU custa um checkout em cada transporte, no mesmo sistema e na mesma corrida."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median

import pytest

from laboratorio.sistema.amostras import cpu_s
from laboratorio.sistema.processos import Sistema
from testes.apoio.compras import abastecer, corpo
from testes.apoio.portas import Porta, duas_portas

RODADAS, PEDIDOS = 4, 25


def teste_grpc_custa_claramente_menos_que_rest(
    novo_sistema: Callable[..., Sistema], capsys: pytest.CaptureFixture[str]
) -> None:
    sistema = novo_sistema()
    sistema.iniciar()
    abastecer(sistema, 1)
    custos: dict[str, list[float]] = {"rest": [], "grpc": []}

    def medir(porta: Porta) -> float:
        antes = sum(cpu_s(sistema.processos).values())
        for _ in range(PEDIDOS):
            resposta, _ = porta.criar(corpo())
            assert resposta.categoria == "feito"
        return (sum(cpu_s(sistema.processos).values()) - antes) / PEDIDOS * 1000

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
