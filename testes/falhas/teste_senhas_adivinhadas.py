"""Dezesseis clientes adivinham a senha do admin de pedidos, e quem compra nem percebe."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from statistics import mean

import pytest

from laboratorio.carga.medicao import abastecer
from laboratorio.sistema.processos import CHAVES, Sistema, esperar
from testes.apoio.adivinhos import ADIVINHOS, Navegador, adivinhando
from testes.apoio.compras import corpo
from testes.apoio.portas import Porta, duas_portas

TUDO = os.environ.get("TUDO") == "1"
# num pedaço curto, o que mais a máquina faz pesa mais que as senhas: dele só se mostra a vazão
PEDACO_S, PEDACOS, DO_SOSSEGO_AO_MENOS = (30, 3, 0.9) if TUDO else (6, 1, 0.0)
COMPRADORES = 8
DE_UM_LUGAR = ["127.0.0.1"]
DE_MUITOS_LUGARES = [f"127.0.1.{n}" for n in range(1, 1 + ADIVINHOS)]


def compras_por_segundo(porta: Porta) -> float:
    """Quantos checkouts se terminam num pedaço; todos os que começam têm de terminar, e bem."""
    inicio = time.monotonic()

    def comprar_ate_o_fim(_: int) -> int:
        feitas = 0
        while time.monotonic() < inicio + PEDACO_S:
            resposta, _numero = porta.criar(corpo())
            assert resposta.pedido and resposta.pedido[0] == "enviado", resposta
            feitas += 1
        return feitas

    with ThreadPoolExecutor(COMPRADORES) as compradores:
        feitas = sum(compradores.map(comprar_ate_o_fim, range(COMPRADORES)))
    return feitas / (time.monotonic() - inicio)


@pytest.mark.parametrize(
    ("transporte", "enderecos"), [(0, DE_UM_LUGAR), (1, DE_MUITOS_LUGARES)], ids=["rest", "grpc"]
)
def teste_quem_compra_nao_paga_por_quem_adivinha(
    novo_sistema: Callable[..., Sistema],
    transporte: int,
    enderecos: list[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    sistema = novo_sistema()
    sistema.iniciar()
    abastecer(sistema)
    with duas_portas(sistema) as portas:
        porta = portas[transporte]
        compras_por_segundo(porta)  # aquece
        sossegos, cercos, ouvidas = [compras_por_segundo(porta)], [], Counter[int]()
        for _ in range(PEDACOS):
            comeco = time.monotonic()
            with adivinhando(sistema, "pedidos", enderecos) as deste_cerco:
                cercos.append(compras_por_segundo(porta))
            durou_s = time.monotonic() - comeco
            # confere-se no máximo uma por segundo, e cada adivinho ouve não uma vez por segundo
            assert deste_cerco[200] <= durou_s + 1
            assert deste_cerco[429] <= ADIVINHOS * (durou_s + 1)
            ouvidas += deste_cerco
            sossegos.append(compras_por_segundo(porta))
    razao = mean(cercos) / mean(sossegos)
    with capsys.disabled():
        print(
            f"\n{porta.nome}: {mean(sossegos):.1f} checkouts/s em sossego e {mean(cercos):.1f}"
            f" com quem adivinha ({razao:.2f}); os adivinhos ouviram {dict(ouvidas)}"
        )
    assert razao > DO_SOSSEGO_AO_MENOS
    assert ouvidas.keys() == {200, 429}
    assert ouvidas[200] <= (5 if enderecos == DE_UM_LUGAR else 40)
    assert sistema.auditar()["violacoes"] == []


def teste_quem_ja_entrou_entra_enquanto_dezesseis_adivinham(
    novo_sistema: Callable[..., Sistema],
) -> None:
    # dado quem entrou um dia por um navegador, e o navegador novo de outra pessoa
    sistema = novo_sistema()
    sistema.iniciar("pedidos")
    conhecido, novo = (Navegador(sistema, "pedidos") for _ in range(2))
    assert conhecido.tentar(CHAVES["ADMIN_SENHA"]).status_code == 302
    # quando dezesseis adivinham a senha, daqui mesmo
    with adivinhando(sistema, "pedidos") as ouvidas:
        esperar(lambda: ouvidas[429], 30, "a primeira recusa")
        # então ele entra sem esperar por nenhum deles
        inicio = time.monotonic()
        assert conhecido.tentar(CHAVES["ADMIN_SENHA"]).status_code == 302
        assert time.monotonic() - inicio < 5
        # e a outra pessoa, que não se sabe quem é, ouve quanto esperar
        recusa = novo.tentar(CHAVES["ADMIN_SENHA"])
        assert recusa.status_code == 429
        assert 1 <= int(recusa.headers["Retry-After"]) <= 900
    assert ouvidas[200] <= 5
