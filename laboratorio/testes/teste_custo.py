"""`python -m laboratorio custo`: o que ele mostra, o que conclui e o que deixa para trás."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import psutil
import pytest

from laboratorio.carga.medicao import Medida
from laboratorio.custo.numeros import ALVOS, Colheita, crescimento, metas, numeros
from laboratorio.custo.partida import Partida
from laboratorio.sistema.processos import RAIZ, esperar

COMANDO = [sys.executable, "-m", "laboratorio", "custo", "--rapido"]


@pytest.fixture(scope="module")
def rapida() -> dict[str, Any]:
    """O JSON da corrida mais curta que há."""
    saida = subprocess.run([*COMANDO, "--json", "-"], cwd=RAIZ, capture_output=True, check=True)
    dados: dict[str, Any] = json.loads(saida.stdout)
    return dados


def teste_uma_corrida_mede_os_quatro_alvos(rapida: dict[str, Any]) -> None:
    por_nome = {numero["nome"]: numero for numero in rapida["numeros"]}
    for nome in ("CPU por checkout (ms)", "checkouts/s, 8 clientes", "p50 (ms), 8 clientes"):
        assert set(por_nome[nome]["valores"]) == set(ALVOS), nome
        assert all(valor["mediana"] > 0 for valor in por_nome[nome]["valores"].values()), nome
        assert all(por_nome[nome]["razao"].values()), nome
    assert all(medida["concluidos"] for medida in rapida["medidas"])
    assert rapida["produtos_por_segundo"] > 100
    assert 1 < rapida["partida"]["segundos"] < 60
    assert 300 < rapida["partida"]["memoria_mb"] < 2000


def teste_os_commits_sao_os_que_se_sabe(rapida: dict[str, Any]) -> None:
    receita = ["estoque", "fiscal", "logistica", "pagamentos", "pedidos"]
    for alvo in ("receita-rest", "receita-grpc"):
        assert rapida["commits"][alvo] == dict.fromkeys(receita, 2)
    # a decisão antes da chamada é um; o pedido tem também o do fim, e a operadora tem o seu
    nossos = dict.fromkeys([*receita, "operadora"], 1) | {"pedidos": 2, "catalogo": 0}
    for alvo in ("rest", "grpc"):
        assert rapida["commits"][alvo] == nossos


@pytest.fixture
def corrida() -> Iterator[psutil.Popen]:
    processo = psutil.Popen(
        COMANDO,
        cwd=RAIZ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        yield processo
    finally:
        if processo.poll() is None:
            for vivo in (*processo.children(recursive=True), processo):
                vivo.kill()


def teste_ctrl_c_mostra_o_que_se_mediu_e_nao_deixa_ninguem(corrida: psutil.Popen) -> None:
    # dado um custo que já gera carga
    def gerando() -> bool:
        return any("laboratorio.carga.gerador" in comando(filho) for filho in corrida.children())

    esperar(gerando, 120, "o gerador de carga")
    filhos = corrida.children(recursive=True)
    # quando se aperta Ctrl-C, que vai ao grupo inteiro
    os.killpg(corrida.pid, signal.SIGINT)
    saida, _ = corrida.communicate(timeout=30)
    # então o que se mediu aparece, e ninguém fica
    assert corrida.returncode == 130, saida
    assert "commits por checkout" in saida
    assert "segundo início" in saida
    assert not [filho for filho in filhos if vive(filho)]


def comando(processo: psutil.Process) -> list[str]:
    try:
        return list(processo.cmdline())
    except psutil.NoSuchProcess:  # acabou enquanto se olhava
        return []


def vive(processo: psutil.Process) -> bool:
    """Se ainda roda; um zumbi que ninguém recolheu não conta."""
    try:
        return processo.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def medida(alvo: str, cpu_ms: float, **mudancas: Any) -> Medida:
    campos: dict[str, Any] = {
        "alvo": alvo,
        "modo": "fechado",
        "clientes": 8,
        "taxa": None,
        "rodada": 1,
        "pedidos_no_banco": 0,
        "segundos": 1.0,
        "concluidos": 100,
        "por_segundo": 100.0,
        "erros": {},
        "latencia_ms": {"p50": 10.0, "p99": 20.0},
        "cpu_ms_por_checkout": cpu_ms,
        "gerador": {"cpu_ms_por_checkout": 1.0, "cpu_por_cento": 10.0},
        "processos": {"pedidos": {"cpu_ms_por_checkout": cpu_ms}},
        "amostras": [],
    }
    return Medida(**campos | mudancas)


def teste_a_razao_e_com_a_receita_do_mesmo_transporte_e_a_meta_se_julga_por_ela() -> None:
    colheita = Colheita(
        [
            medida("rest", 9.0),
            medida("receita-rest", 20.0),
            medida("grpc", 8.0),
            medida("receita-grpc", 10.0),
        ]
    )
    cpu = numeros(colheita)[0]
    assert (cpu.razao("rest"), cpu.razao("grpc")) == (0.45, 0.8)
    assert {meta.nome: meta.cumprida for meta in metas(colheita)} == {
        "REST: CPU por checkout (ms)": True,
        "REST: CPU em relação à receita": True,
        "gRPC: CPU por checkout (ms)": False,
        "gRPC: CPU em relação à receita": False,
    }


def teste_o_crescimento_compara_cada_rodada_com_a_sua() -> None:
    # dada uma máquina que na segunda rodada ficou duas vezes mais lenta
    colheita = Colheita(
        [
            medida("rest", 10.0),
            medida("rest", 10.4, pedidos_no_banco=1000),
            medida("rest", 20.0, rodada=2),
            medida("rest", 20.8, rodada=2, pedidos_no_banco=1000),
        ]
    )
    assert crescimento(colheita, "rest")[1000].mediana == pytest.approx(4)
    assert metas(colheita)[-1].cumprida


def teste_nada_medido_nada_mostrado_e_o_piso_e_um_minimo() -> None:
    assert numeros(Colheita()) == metas(Colheita()) == []
    partida = Partida(segundos=5, memoria_mb=901, processos=33)
    julgadas = metas(Colheita(partida=partida, produtos_por_segundo=999))
    assert [meta.cumprida for meta in julgadas] == [False, True, False]
