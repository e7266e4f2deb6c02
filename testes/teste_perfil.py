"""O perfil de um serviço no ar: o gráfico mostra o que roda, e as camadas repartem tudo."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from laboratorio.camadas import OUTROS, camada_do_arquivo, repartir
from laboratorio.sistema import RAIZ


@pytest.mark.parametrize("transporte", ["rest", "grpc"])
def teste_o_comando_mostra_onde_o_servico_gasta_o_tempo(tmp_path: Path, transporte: str) -> None:
    grafico = tmp_path / "perfil.svg"
    comando = ["perfil", "--servico", "pagamentos", "--transporte", transporte]
    saida = subprocess.run(
        [sys.executable, "-m", "laboratorio", *comando, "--segundos", "3", "--saida", grafico],
        cwd=RAIZ,
        capture_output=True,
        text=True,
        check=False,
    )

    assert saida.returncode == 0, saida.stdout + saida.stderr
    assert "processar_pagamento (pagamentos/casos_de_uso.py" in grafico.read_text(encoding="utf-8")
    linhas = [linha.split("│") for linha in saida.stdout.splitlines() if "│" in linha]
    partes = {linha[1].strip(): float(linha[2]) for linha in linhas}
    assert partes.pop("total") == 100
    assert {"banco de dados", "cliente", "servidor"} <= set(partes)
    assert sum(partes.values()) == pytest.approx(100, abs=1)


def teste_o_quadro_mais_interno_que_se_reconhece_decide_a_camada() -> None:
    assert camada_do_arquivo("rest_framework/serializers.py") == "validação"
    assert camada_do_arquivo("rest_framework/views.py") == "framework"
    assert camada_do_arquivo("gunicorn/http/parser.py") == "servidor"
    assert camada_do_arquivo("http/client.py") == "cliente"
    assert camada_do_arquivo("socket.py") is None
    quadros = [
        ("all", 52, 0, 1000),
        ("run (threading.py:1)", 68, 0, 1000),
        ("create (pagamentos/views.py:44)", 84, 100, 900),
        ("execute (django/db/backends/utils.py:1)", 100, 100, 400),
        ("deepcopy (copy.py:1)", 116, 150, 50),
        ("send (requests/sessions.py:1)", 100, 500, 300),
    ]
    grafico = "".join(
        f'<title>{nome} ({largura:,} samples, 1.00%)</title><rect x="0%" y="{y}" width="1%"'
        f' height="15" fill="rgb(1,2,3)" fg:x="{x}" fg:w="{largura}"/>'
        for nome, y, x, largura in quadros
    )

    amostras, pintado = repartir(grafico)

    assert +amostras == {"banco de dados": 400, "cliente": 300, "framework": 200, OUTROS: 100}
    assert "rgb(1,2,3)" not in pintado
