"""O perfil de um serviço no ar: o gráfico mostra o que roda, e as camadas repartem tudo."""

from __future__ import annotations

import html
import os
import re
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from laboratorio.perfil.camadas import CAMADAS, OUTROS, camada_do_arquivo
from laboratorio.perfil.chamas import Funcao, camada_da_pilha, desenhar
from laboratorio.perfil.comando import NUCLEO_DO_GRPC, perfilar
from laboratorio.sistema.processos import RAIZ, esperar


def perfilando(servico: str, transporte: str, pasta: Path) -> subprocess.Popen[str]:
    comando = ["perfil", "--servico", servico, "--transporte", transporte, "--segundos", "3"]
    return subprocess.Popen(
        [sys.executable, "-m", "laboratorio", *comando, "--saida", pasta / "perfil.svg"],
        cwd=RAIZ,
        env=os.environ | {"TMPDIR": str(pasta)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def teste_o_comando_mostra_onde_o_servico_gasta_a_cpu(tmp_path: Path) -> None:
    with perfilando("pagamentos", "rest", tmp_path) as comando:
        saida, _ = comando.communicate()

    assert comando.returncode == 0, saida
    grafico = (tmp_path / "perfil.svg").read_text(encoding="utf-8")
    assert "processar_pagamento (pagamentos/casos_de_uso.py" in grafico
    linhas = [linha.split("│") for linha in saida.splitlines() if "│" in linha]
    partes = {nome.strip(): float(cpu.strip(" %").replace(",", ".")) for _, nome, cpu, *_ in linhas}
    assert partes.pop("total") == 100
    assert set(partes) >= set(CAMADAS)
    assert sum(partes.values()) == pytest.approx(100, abs=1)


def teste_o_servico_que_cai_com_a_sonda_e_amostrado_de_novo(tmp_path: Path) -> None:
    def amostrado() -> int | None:
        return next((int(a.stem) for a in tmp_path.glob("perfil-*/*.pilhas")), None)

    with perfilando("logistica", "grpc", tmp_path) as comando:
        derrubado = esperar(amostrado, 60, "a sonda ligada")
        os.kill(derrubado, signal.SIGSEGV)
        outro = esperar(lambda: (pid := amostrado()) != derrubado and pid, 60, "outra sonda")
        saida, _ = comando.communicate()

    assert outro and comando.returncode == 0, saida
    assert "logistica por grpc" in saida


def teste_por_grpc_conta_tambem_a_cpu_que_nao_e_do_python() -> None:
    perfil = perfilar("pagamentos", "grpc", segundos=2)

    gastos = perfil.cpu_por_camada
    assert NUCLEO_DO_GRPC in gastos
    assert gastos["banco de dados"] > 0
    assert sum(gastos.values()) == pytest.approx(perfil.cpu_ms)


def teste_o_quadro_mais_interno_que_se_reconhece_decide_a_camada() -> None:
    assert camada_do_arquivo("rest_framework/serializers.py") == "validação"
    assert camada_do_arquivo("rest_framework/views.py") == "framework"
    assert camada_do_arquivo("gunicorn/http/parser.py") == "servidor"
    assert camada_do_arquivo("http/client.py") == "cliente"
    assert camada_do_arquivo("socket.py") is None
    pilha = (
        Funcao("create", "pagamentos/views.py"),
        Funcao("execute", "django/db/backends/utils.py"),
        Funcao("deepcopy", "copy.py"),
    )
    assert camada_da_pilha(pilha) == "banco de dados"
    assert camada_da_pilha(pilha[-1:]) == OUTROS


def teste_o_grafico_da_a_cada_funcao_a_largura_das_suas_amostras() -> None:
    fora, dentro = Funcao("run", "threading.py"), Funcao("<lambda>", "requests/sessions.py")

    grafico = desenhar(Counter({(fora,): 1, (fora, dentro): 3}), "título")

    assert re.findall("<title>(.+)</title>", html.unescape(grafico)) == [
        "run (threading.py): 100,0 %, outros",
        "<lambda> (requests/sessions.py): 75,0 %, cliente",
    ]
