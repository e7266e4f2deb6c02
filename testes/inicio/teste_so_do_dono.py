"""O que há em DADOS_DIR só o dono lê, grave quem gravar, e como quer que a pasta estivesse."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ecommerce.servicos import SERVICOS
from laboratorio.sistema.processos import RAIZ, Sistema, ambiente_de_teste
from testes.apoio.compras import abastecer, comprar, corpo
from testes.apoio.inicio import abertos_aos_outros


@pytest.fixture(autouse=True)
def mascara_de_costume() -> Iterator[None]:
    """A umask que quase toda máquina tem: sem nada em contrário, todos leem o que se cria."""
    antes = os.umask(0o022)
    yield
    os.umask(antes)


@pytest.fixture
def aberta(bancos_prontos: Path, tmp_path: Path) -> Path:
    """Os dados que uma versão anterior deixou: 755 na pasta, 644 nos bancos."""
    pasta = tmp_path / "dados"
    pasta.mkdir()
    for banco in bancos_prontos.glob("*.db"):
        shutil.copyfile(banco, pasta / banco.name)
    assert abertos_aos_outros(pasta) == {
        "dados",
        *(banco.name for banco in bancos_prontos.glob("*.db")),
    }
    return pasta


def teste_o_sistema_no_ar_fecha_o_que_encontra_e_o_que_cria(aberta: Path) -> None:
    sistema = Sistema(aberta)
    try:
        sistema.iniciar()
        abastecer(sistema, 1)
        assert comprar(sistema, corpo()).status_code == 201

        criados = {"pedidos.db-wal", "pedidos.db-shm", "pedidos.log", "retomar.log"}
        assert criados <= {caminho.name for caminho in aberta.iterdir()}
        assert abertos_aos_outros(aberta) == set()
    finally:
        sistema.encerrar()


def _preparar(pasta: Path) -> None:
    _manage(pasta, "preparar", "--settings=ecommerce.settings.pedidos")


def _preparar_numa_pasta_nova(pasta: Path) -> None:
    shutil.rmtree(pasta)
    _preparar(pasta)


def _importar(pasta: Path) -> None:
    for servico in SERVICOS.values():
        for alias, banco in servico.bancos.items():
            (pasta / f"{banco}.db").unlink()
            opcoes = (f"--database={alias}", f"--settings={servico.settings}")
            _manage(pasta, "migrate", "--verbosity=0", *opcoes)
    arquivo = str(pasta / "ecommerce.db")
    _manage(pasta, "gerar_dados", "--destino=ecommerce_db", "--pedidos=10", "--saida", arquivo)
    _manage(pasta, "importar_ecommerce_db", arquivo)


def _manage(pasta: Path, *comando: str) -> None:
    ambiente = ambiente_de_teste(pasta)
    subprocess.run([sys.executable, "manage.py", *comando], cwd=RAIZ, env=ambiente, check=True)


@pytest.mark.parametrize("gravar", [_preparar, _preparar_numa_pasta_nova, _importar])
def teste_o_que_um_comando_encontra_e_grava(gravar: Callable[[Path], None], aberta: Path) -> None:
    gravar(aberta)

    assert (aberta / "pedidos.db").exists()
    assert abertos_aos_outros(aberta) == set()
