"""A numeração de pedidos atrás da dos outros: é dita, e se põe em dia com um comando."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from laboratorio.sistema.processos import RAIZ, Sistema
from testes.apoio.compras import comprar, corpo
from testes.apoio.recusas import ORDEM

ULTIMO_VISTO = 5000


@pytest.fixture(scope="module")
def sistema(bancos_prontos: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sistema]:
    """Um sistema em que a cadeia já viu pedidos que `pedidos` não conhece."""
    pasta = tmp_path_factory.mktemp("numeracao") / "bancos"
    atrasado = Sistema(shutil.copytree(bancos_prontos, pasta))
    try:
        atrasado.iniciar()
        yield atrasado
    finally:
        atrasado.encerrar()


def teste_pedidos_atras_dos_outros_e_dito_e_se_poe_em_dia(sistema: Sistema) -> None:
    assert not _manage(sistema, "auditar").stderr
    # dada uma cadeia que foi mais longe, e uma lápide que não conta
    lapide = f"/pagamentos/{10 * ULTIMO_VISTO}/estornar"
    assert sistema.pedir("POST", "pagamentos", lapide, chave="interna").ok
    ordem = ORDEM | {"pedido_id": ULTIMO_VISTO}
    assert sistema.pedir("POST", "pagamentos", "/pagamentos", chave="interna", json=ordem).ok
    # quando se audita, ou se prepara
    for comando in ("auditar", "preparar"):
        aviso = _manage(sistema, comando).stderr
        assert f"eles têm passos até o {ULTIMO_VISTO}" in aviso, comando
    # então o comando que o aviso dá põe a numeração em dia
    assert f"manage.py pular_numeros {ULTIMO_VISTO} " in aviso
    assert _manage(sistema, "pular_numeros", str(ULTIMO_VISTO)).returncode == 0
    assert comprar(sistema, corpo()).json()["id"] == ULTIMO_VISTO + 1
    assert not _manage(sistema, "preparar").stderr


@pytest.mark.parametrize("torto", ["0", "-1", "dez", str(26 * 10**8 - 1), str(2**63)])
def teste_pular_um_numero_que_nao_e_de_pedido(sistema: Sistema, torto: str) -> None:
    fim = _manage(sistema, "pular_numeros", torto)
    assert fim.returncode == 2
    assert "deve ser o número de um pedido" in fim.stderr or "unrecognized" in fim.stderr


def _manage(sistema: Sistema, *comando: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *comando, "--settings=ecommerce.settings.pedidos"],
        cwd=RAIZ,
        env=sistema.ambiente,
        capture_output=True,
        text=True,
        check=False,
    )
