"""A saída que não derruba quem escreve: descritores que falham, e o que se diz depois."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ecommerce.ambiente import RAIZ
from ecommerce.saida import Saida


def disco_cheio() -> int:
    return os.open("/dev/full", os.O_WRONLY)


def terminal_fechado() -> int:
    mestre, escravo = pty.openpty()
    os.close(mestre)
    return escravo


def leitor_que_foi_embora() -> int:
    leitura, escrita = os.pipe()
    os.close(leitura)
    return escrita


@pytest.fixture
def cano() -> Iterator[tuple[int, int]]:
    pontas = os.pipe()
    yield pontas
    for ponta in pontas:
        os.close(ponta)


@pytest.mark.parametrize("falha", [disco_cheio, terminal_fechado, leitor_que_foi_embora])
def teste_a_saida_falha_e_depois_diz_quantas_linhas_se_perderam(
    falha: Callable[[], int], cano: tuple[int, int]
) -> None:
    descritor = falha()
    saida = Saida(descritor, b"%d perdidas\n".__mod__)
    for numero in range(3):
        saida.escrever(b"linha %d\n" % numero)
    saida.perdidas.contar()  # mais uma, que nem se tentou escrever
    os.dup2(cano[1], descritor)
    saida.escrever(b"linha 3\n")
    saida.escrever(b"linha 4\n")
    assert os.read(cano[0], 1000) == b"4 perdidas\nlinha 3\nlinha 4\n"
    os.close(descritor)


def teste_a_linha_que_se_segue_a_uma_cortada_nao_se_cola_a_ela(tmp_path: Path) -> None:
    # num processo à parte, porque o limite de tamanho vale para ele todo
    programa = """
import os, resource, sys
from ecommerce.saida import Saida
arquivo = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT)
saida = Saida(arquivo, b"%d perdidas\\n".__mod__)
resource.setrlimit(resource.RLIMIT_FSIZE, (15, resource.RLIM_INFINITY))
for letra in (b"a", b"b", b"c"):
    saida.escrever(letra * 9 + b"\\n")
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
for letra in (b"d", b"e"):
    saida.escrever(letra * 9 + b"\\n")
"""
    escrito = tmp_path / "log"
    subprocess.run([sys.executable, "-c", programa, escrito], cwd=RAIZ, check=True)
    assert escrito.read_text().split("\n") == [
        *("a" * 9, "b" * 5),
        *("2 perdidas", "d" * 9, "e" * 9, ""),
    ]


REGISTRAR = """
import django, os, sys
django.setup()
from ecommerce.contexto import iniciar
from ecommerce.logs import registrar_chamada
chamada = iniciar("rest", prazo_ms=1000)
registrar_chamada(chamada, operacao="a", resultado=200)
if sys.argv[1:]:
    os.dup2(os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT), 1)
    registrar_chamada(chamada, operacao="b", resultado=200)
"""


def registrar(*argumentos: str | Path) -> int:
    with Path("/dev/full").open("w") as cheio:
        comando = [sys.executable, "-c", REGISTRAR, *argumentos]
        return subprocess.run(comando, cwd=RAIZ, stdout=cheio, check=False).returncode


def teste_quem_so_nao_pode_escrever_o_log_acaba_bem() -> None:
    assert registrar() == 0


def teste_o_log_diz_quantas_linhas_lhe_faltam(tmp_path: Path) -> None:
    assert registrar(tmp_path / "log") == 0
    aviso, linha = map(json.loads, (tmp_path / "log").read_text().splitlines())
    assert (aviso["event"], aviso["quantas"]) == ("linhas_perdidas", 1)
    assert linha["operacao"] == "b"
