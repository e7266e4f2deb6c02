"""Os scripts da raiz onde quer que os chamem, e o que dizem de um .venv em que não podem gravar."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from laboratorio.sistema.processos import RAIZ, ambiente_de_fora

SCRIPTS = ["iniciar.sh", "testar.sh", "medir.sh", "fixar.sh", ".ci/run"]
# o que cada script chama por caminho ou pelo PATH: diz em que pasta o chamaram
DIZER_ONDE = '#!/bin/sh\necho "estou em $PWD"\n'
NAO_GRAVA = "erro: não dá para gravar em {}/.venv; veja de quem é a pasta.\n"
PREPARAR = 'preparar_ambiente() {\n    echo "estou em $PWD"\n    exit\n}\n'


@pytest.fixture
def projeto(tmp_path: Path) -> Path:
    """Os scripts de verdade, com o que eles chamam trocado por quem só diz onde está."""
    projeto = tmp_path / "projeto"
    (projeto / ".ci").mkdir(parents=True)
    for script in SCRIPTS:
        shutil.copy(RAIZ / script, projeto / script)
    (projeto / "ambiente.sh").write_text(PREPARAR)
    programas = projeto / ".venv" / "bin"
    programas.mkdir(parents=True)
    for programa in ("uv", "apt-get"):
        (programas / programa).write_text(DIZER_ONDE)
        (programas / programa).chmod(0o755)
    return projeto


def rodar(comando: str, *, de: Path, **variaveis: str) -> str:
    saida = subprocess.run(
        [comando], cwd=de, env=os.environ | variaveis, capture_output=True, text=True, check=False
    )
    assert saida.returncode == 0, saida.stdout + saida.stderr
    return saida.stdout.splitlines()[0]


def com_os_programas(projeto: Path) -> str:
    return f"{projeto / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"


@pytest.mark.parametrize("script", SCRIPTS)
def teste_por_um_link_o_script_trabalha_na_pasta_do_projeto(projeto: Path, script: str) -> None:
    fora = projeto.parent / "fora"
    fora.mkdir()
    (fora / "atalho").symlink_to(projeto / script)
    onde = rodar("./atalho", de=fora, PATH=com_os_programas(projeto))
    assert onde == f"estou em {projeto}"


@pytest.mark.parametrize("script", SCRIPTS)
def teste_um_cdpath_exportado_nao_leva_a_outra_pasta(projeto: Path, script: str) -> None:
    outra = projeto.parent / "outra"
    shutil.copytree(projeto, outra / "projeto")
    variaveis = {"PATH": com_os_programas(projeto), "CDPATH": str(outra)}
    onde = rodar(f"projeto/{script}", de=projeto.parent, **variaveis)
    assert onde == f"estou em {projeto}"


@pytest.fixture
def de_outro_dono() -> Iterator[Path]:
    """Uma cópia do projeto em que quem roda o script não pode gravar."""
    pasta = Path(tempfile.mkdtemp(prefix="de-outro-dono-"))
    for nome in ("iniciar.sh", "ambiente.sh", "requirements.txt"):
        shutil.copy(RAIZ / nome, pasta)
    pasta.chmod(0o555)
    yield pasta
    pasta.chmod(0o755)
    shutil.rmtree(pasta)


def iniciar_sem_poder_gravar(pasta: Path) -> tuple[int, str, str]:
    saida = subprocess.run(
        ["./iniciar.sh"],
        cwd=pasta,
        env=ambiente_de_fora(),
        user="nobody" if os.geteuid() == 0 else None,  # o root grava em toda parte
        capture_output=True,
        text=True,
        check=False,
    )
    return saida.returncode, saida.stdout, saida.stderr


def teste_sem_poder_criar_o_venv_e_isso_que_se_diz(de_outro_dono: Path) -> None:
    saida = iniciar_sem_poder_gravar(de_outro_dono)
    assert saida == (1, "", NAO_GRAVA.format(de_outro_dono))


def teste_sem_poder_instalar_no_venv_que_ha_e_isso_que_se_diz(de_outro_dono: Path) -> None:
    # dado um .venv que serve mas tem outras dependências
    programas = de_outro_dono / ".venv" / "bin"
    de_outro_dono.chmod(0o755)
    programas.mkdir(parents=True)
    (programas / "python").write_text("#!/bin/sh\n")
    (programas / "python").chmod(0o755)
    (de_outro_dono / ".venv").chmod(0o555)

    saida = iniciar_sem_poder_gravar(de_outro_dono)

    (de_outro_dono / ".venv").chmod(0o755)
    assert saida == (1, "", NAO_GRAVA.format(de_outro_dono))
