"""A matriz de falhas: depois de cada uma todo pedido termina sozinho, e a auditoria nada acha.

Uma amostra corre sempre; TUDO=1 corre a matriz inteira. SEMENTE repete a ordem de outra vez.
"""

from __future__ import annotations

import os
import random
import shutil
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from rich.console import Console
from rich.table import Table

from laboratorio.sistema.processos import TERMINA_EM_S, Sistema, esperar
from testes.apoio.clientela import Compra, comprar, desmentidos
from testes.falhas.bancada import Bancada, montada
from testes.falhas.matriz import FALHAS, linhas

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
    pasta = tmp_path_factory.mktemp("matriz") / "bancos"
    with montada(Sistema(shutil.copytree(bancos_prontos, pasta))) as pronta:
        yield pronta


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
    faltas += conferir(bancada, compras)
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
    sistema.executar_sql(
        "operadora",
        "DELETE FROM operadora_lancamento"
        " WHERE pedido_id = (SELECT max(pedido_id) FROM operadora_lancamento)",
    )
    faltas = conferir(bancada, [compra])
    for achada in ("I5", "I8", "aprovado", "I7", "I10"):
        assert any(achada in falta for falta in faltas), achada


def conferir(bancada: Bancada, compras: Sequence[Compra]) -> list[str]:
    """O que os clientes e a auditoria, ao mesmo tempo, acham de errado; vazio se nada."""
    with ThreadPoolExecutor(1) as fundo:
        auditando = fundo.submit(bancada.sistema.auditar)
        faltas = desmentidos(bancada.sistema, compras, list(bancada.portas.values()))
    return faltas + [str(violacao) for violacao in auditando.result()["violacoes"]]


def _linha(
    falha: str, transporte: str, compras: Sequence[Compra], convergiu_s: float, faltas: list[str]
) -> tuple[str, ...]:
    pedidos = len({compra.pedido_id for compra in compras if compra.pedido_id})
    terminados = sum(compra.terminou() for compra in compras)
    return (
        falha, transporte, str(pedidos), str(terminados), f"{convergiu_s:.1f}", str(len(faltas)),
    )  # fmt: skip
