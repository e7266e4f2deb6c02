"""As contas do laboratório, sem sistema nenhum no ar: encomendas, percentis, diário, amostras."""

from __future__ import annotations

import subprocess
import sys
from itertools import islice
from pathlib import Path
from typing import Any

import psutil
import pytest

from laboratorio.carga.encomendas import PRODUTOS, Carga, chegadas, encomendas
from laboratorio.carga.registros import Diario, Registro, ler_registros
from laboratorio.estatistica import intervalo, percentil
from laboratorio.sistema.amostras import Amostrador, cpu_s
from laboratorio.sistema.processos import esperar


def teste_um_diario_cortado_no_meio_ainda_se_le(tmp_path: Path) -> None:
    arquivo = tmp_path / "diario.jsonl"
    with Diario(arquivo, 100.0) as diario:
        diario.anotar(Registro(0.5, 1500.0, "concluido", 7))
        diario.anotar(Registro(0.6, 10.0, "recusado", 8))
    arquivo.write_text(arquivo.read_text()[:-20])
    registros = ler_registros(arquivo)
    assert (registros.inicio, registros.segundos, registros.inteiro) == (100, 2, False)
    assert [r.pedido_id for r in registros.pedidos] == [7]


def teste_a_cpu_dos_filhos_conta_e_quem_morreu_nao_atrapalha() -> None:
    gastar = f"{sys.executable} -c 'while True: pass' & wait"
    com_filho = subprocess.Popen(["sh", "-c", gastar], start_new_session=True)
    processos = {"vivo": com_filho, "morto": subprocess.Popen(["true"])}
    processos["morto"].wait()
    try:
        amostrador = Amostrador(processos)
        esperar(lambda: cpu_s(processos)["vivo"] > 0.2, 20, "o filho gastar CPU")
        amostrador.retratar()
    finally:
        for processo in (*psutil.Process(com_filho.pid).children(), com_filho):
            processo.kill()
        com_filho.wait()
    assert [amostra.processo for amostra in amostrador.amostras] == ["vivo"]
    assert amostrador.amostras[0].cpu_por_cento > 1
    assert amostrador.amostras[0].threads == 2


def teste_a_mesma_semente_da_as_mesmas_encomendas() -> None:
    umas, outras = (list(islice(encomendas(7), 200)) for _ in range(2))
    assert umas == outras != list(islice(encomendas(8), 200))
    for corpo in umas:
        produtos = [item["produto_id"] for item in corpo["itens"]]
        assert 1 <= len(produtos) == len(set(produtos)) <= 3
        assert set(produtos) <= set(PRODUTOS)


def teste_as_chegadas_tem_a_taxa_pedida() -> None:
    quando = list(chegadas(1, 50, 100))
    assert quando == sorted(quando) == list(chegadas(1, 50, 100))
    assert len(quando) == pytest.approx(5000, rel=0.05)
    assert quando[0] > 0 and quando[-1] < 100


@pytest.mark.parametrize(
    ("modo", "opcoes"),
    [
        ("fechado", {}),
        ("fechado", {"taxa": 3}),
        ("aberto", {"clientes": 3}),
        ("aberto", {"taxa": 0}),
    ],
)
def teste_uma_carga_sem_o_seu_numero_e_recusada(modo: Any, opcoes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="o modo fechado pede"):
        Carga(modo, 1, 5, **opcoes)


def teste_percentis_e_intervalo() -> None:
    assert [percentil(range(1, 101), p) for p in (50, 90, 99, 100)] == [50, 90, 99, 100]
    assert percentil([3.0], 1) == 3
    poucos, muitos = intervalo([9, 10, 11, 12] * 2), intervalo([9, 10, 11, 12] * 200)
    assert poucos == intervalo([9, 10, 11, 12] * 2)
    assert poucos.de <= poucos.mediana <= poucos.ate
    assert muitos.ate - muitos.de < poucos.ate - poucos.de
    for conta in (lambda: percentil([], 50), lambda: intervalo([])):
        with pytest.raises(ValueError, match="de nada"):
            conta()
