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

import psutil
import pytest

from laboratorio.perfil.camadas import CAMADAS, OUTROS, camada_do_arquivo
from laboratorio.perfil.chamas import Funcao, camada_da_pilha, desenhar
from laboratorio.perfil.comando import NUCLEO_DO_GRPC, NaoAmostrou, _py_spy, perfilar
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


def teste_o_servico_que_cai_durante_a_amostragem_e_um_erro_claro(tmp_path: Path) -> None:
    def amostrado() -> int | None:
        """O processo que o py-spy, filho do comando, está amostrando."""
        filhos = psutil.process_iter(["ppid", "cmdline"])
        linhas = [f.info["cmdline"] or [] for f in filhos if f.info["ppid"] == comando.pid]
        return next((int(c[c.index("--pid") + 1]) for c in linhas if "record" in c), None)

    with perfilando("logistica", "grpc", tmp_path) as comando:
        os.kill(esperar(amostrado, 60, "o py-spy amostrando"), signal.SIGKILL)
        saida, _ = comando.communicate()

    assert comando.returncode == 1, saida
    assert "logistica caiu durante a amostragem." in saida
    assert "Traceback" not in saida
    assert not (tmp_path / "perfil.svg").exists()


def teste_sem_licenca_para_amostrar_o_erro_diz_o_que_fazer(tmp_path: Path) -> None:
    proibido = tmp_path / "py-spy"
    proibido.write_text("#!/bin/sh\necho 'Permission Denied' >&2; exit 1\n")
    proibido.chmod(0o755)

    with (
        pytest.MonkeyPatch.context() as remendo,
        pytest.raises(NaoAmostrou, match=r"sudo.*SYS_PTRACE(?s:.*)Permission Denied"),
    ):
        remendo.setattr(sys, "executable", str(tmp_path / "python"))
        _py_spy("dump", psutil.Process())


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
