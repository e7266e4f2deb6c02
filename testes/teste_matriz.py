"""A matriz de falhas: depois de cada uma todo pedido termina sozinho, e a auditoria nada acha.

Uma amostra corre sempre; TUDO=1 corre a matriz inteira. SEMENTE repete a ordem de outra vez.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from rich.console import Console
from rich.table import Table

from ecommerce.servicos import SERVICOS
from laboratorio.proxy import Proxy
from laboratorio.sistema import RAIZ, Sistema, esperar
from testes.clientela import Compra, comprar, desmentidos
from testes.matriz import FALHAS, PRAZO_S, Bancada, linhas
from testes.portas import portas_em

TERMINA_EM_S = 15
SEMENTE = int(os.environ.get("SEMENTE") or random.randrange(10**6))  # noqa: S311 - não é segredo
TUDO = os.environ.get("TUDO") == "1"
Relatorio = list[tuple[str, ...]]


@pytest.fixture(scope="module")
def relatorio(request: pytest.FixtureRequest) -> Iterator[Relatorio]:
    """As linhas que os testes juntam; no fim, a tabela delas na tela."""
    juntadas: Relatorio = []
    yield juntadas
    tabela = Table(title=f"Matriz de falhas (SEMENTE={SEMENTE})")
    for titulo in ("falha", "transporte", "pedidos", "terminados", "convergiu em (s)", "violações"):
        tabela.add_column(titulo, justify="left" if titulo in ("falha", "transporte") else "right")
    for linha in sorted(juntadas, key=lambda linha: (int(linha[0].split()[0]), linha)):
        tabela.add_row(*linha)
    captura = request.config.pluginmanager.getplugin("capturemanager")
    with captura.global_and_fixture_disabled():
        Console(width=110).print("\n", tabela)


@pytest.fixture(scope="module")
def bancada(bancos_prontos: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bancada]:
    pasta = tmp_path_factory.mktemp("matriz")
    for banco in bancos_prontos.glob("*.db"):
        shutil.copy(banco, pasta)
    sistema = Sistema(pasta)
    with ExitStack() as pilha:
        pilha.callback(sistema.encerrar)
        proxies: dict[str, Proxy] = {}
        for nome in SERVICOS:
            rest = pilha.enter_context(Proxy(_destino(sistema.url(nome))))
            grpc = pilha.enter_context(Proxy(_destino(sistema.alvo(nome))))
            proxies |= {nome: rest, f"{nome}-grpc": grpc}
            sistema.variaveis[f"{nome.upper()}_REST_URL"] = f"http://127.0.0.1:{rest.porta}"
            sistema.variaveis[f"{nome.upper()}_GRPC_ALVO"] = f"127.0.0.1:{grpc.porta}"
        sistema.variaveis["PRAZO_CHECKOUT_MS"] = str(int(PRAZO_S * 1000))
        sistema.variaveis["QUEDAS_ARMADAS"] = "1"
        sistema.iniciar()
        # quem compra também passa por um proxy: a resposta que se perde pode ser a dele
        url, alvo = (sistema.variaveis[f"PEDIDOS_{qual}"] for qual in ("REST_URL", "GRPC_ALVO"))
        rest_e_grpc = pilha.enter_context(portas_em(url, alvo))
        yield Bancada(sistema, proxies, {porta.nome: porta for porta in rest_e_grpc})


@pytest.mark.parametrize(("falha", "transporte"), linhas(TUDO, SEMENTE))
def teste_falha(falha: str, transporte: str, bancada: Bancada, relatorio: Relatorio) -> None:
    bancada.arrumar()
    compras = FALHAS[falha](bancada, bancada.portas[transporte])
    volta = time.monotonic()
    faltas: list[str] = []
    try:
        esperar(lambda: all(c.terminou() for c in compras), TERMINA_EM_S, "terminarem todos")
    except TimeoutError as demora:
        faltas.append(str(demora))
    convergiu_s = time.monotonic() - volta
    with auditoria(bancada.sistema) as achadas:
        faltas += desmentidos(bancada.sistema, compras, list(bancada.portas.values()))
    faltas += achadas
    relatorio.append(_linha(falha, transporte, compras, convergiu_s, faltas))
    assert not faltas


def teste_a_matriz_ve_o_que_esta_errado(bancada: Bancada) -> None:
    # por último, porque estraga os dados
    bancada.arrumar()
    compra = comprar(bancada.portas["rest"])
    sistema = bancada.sistema
    sistema.executar_sql(
        "pagamentos",
        "INSERT INTO operacoes_operacao (pedido_id, operacao, resultado, transporte, duracao_ms,"
        " trace_id, criado_em) SELECT pedido_id, operacao, resultado, transporte, duracao_ms,"
        " trace_id, criado_em FROM operacoes_operacao ORDER BY id DESC LIMIT 1",
    )
    sistema.executar_sql(
        "pedidos",
        "UPDATE pedidos_itempedido SET quantidade = 2"
        " WHERE pedido_id = (SELECT max(id) FROM pedidos_pedido)",
    )
    with auditoria(sistema) as achadas:
        faltas = desmentidos(sistema, [compra], list(bancada.portas.values()))
    assert any("I5" in falta for falta in faltas)
    assert any("I8" in falta for falta in faltas)
    assert any("aprovado" in falta for falta in faltas)
    assert any("I7" in falta for falta in achadas)


@contextmanager
def auditoria(sistema: Sistema) -> Iterator[list[str]]:
    """`manage.py auditar` enquanto dura o bloco; depois dele a lista tem as violações achadas."""
    comando = ["manage.py", "auditar", "--json", f"--limite={TERMINA_EM_S}"]
    achadas: list[str] = []
    with subprocess.Popen(
        [sys.executable, *comando, "--settings=ecommerce.settings.pedidos"],
        cwd=RAIZ,
        env=sistema.ambiente,
        stdout=subprocess.PIPE,
    ) as auditando:
        yield achadas
        laudo, _ = auditando.communicate()
    achadas += [str(violacao) for violacao in json.loads(laudo)["violacoes"]]


def _linha(
    falha: str, transporte: str, compras: Sequence[Compra], convergiu_s: float, faltas: list[str]
) -> tuple[str, ...]:
    pedidos = len({compra.pedido_id for compra in compras if compra.pedido_id})
    terminados = sum(compra.terminou() for compra in compras)
    return (
        falha, transporte, str(pedidos), str(terminados), f"{convergiu_s:.1f}", str(len(faltas)),
    )  # fmt: skip


def _destino(endereco: str) -> tuple[str, int]:
    anfitriao, _, porta = endereco.removeprefix("http://").partition(":")
    return anfitriao, int(porta)
