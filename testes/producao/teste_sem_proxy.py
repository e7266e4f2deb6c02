"""Um serviço em produção sem nenhum proxy de confiança, e até onde vai o HSTS."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from laboratorio.sistema.processos import RAIZ, Sistema, ambiente_de_teste


def teste_ninguem_desta_maquina_passa_por_proxy(novo_sistema: Callable[..., Sistema]) -> None:
    # dado um serviço que não tem proxy, e quem lhe fala da mesma máquina
    sistema = novo_sistema(PRODUCAO="1")
    sistema.iniciar("pagamentos")

    def status(chave: str, **cabecalhos: str) -> int:
        ditos = {nome.replace("_", "-"): valor for nome, valor in cabecalhos.items()}
        return sistema.pedir(
            "GET", "pagamentos", "/pagamentos", chave=chave, headers=ditos, allow_redirects=False
        ).status_code

    # então só quem traz a chave interna não é levado ao https
    assert status("interna") == 200
    for chave in ("da-loja", "errada"):
        assert status(chave) == 308
        assert status(chave, X_Forwarded_Proto="https") == 308
        assert status(chave, X_Forwarded_Ssl="on", X_Forwarded_Protocol="ssl") == 308
        assert status(chave, Forwarded="proto=https") == 308
        assert status(chave, Accept="text/html") == 308
    # nem muda o endereço que pediu: o gunicorn o deixaria, a quem é da máquina
    assert (
        sistema.pedir(
            "GET", "pagamentos", "/nao-ha", chave="interna", headers={"PATH_INFO": "/pagamentos"}
        ).status_code
        == 404
    )


@pytest.mark.parametrize(
    ("hsts", "subdominios", "preload"),
    [("", False, False), ("subdominios", True, False), ("preload", True, True)],
)
def teste_o_hsts_vai_ate_onde_se_pede(
    tmp_path: Path, hsts: str, subdominios: bool, preload: bool
) -> None:
    definicoes = subprocess.check_output(
        [sys.executable, "manage.py", "diffsettings", "--all"],
        cwd=RAIZ,
        env=ambiente_de_teste(tmp_path, PRODUCAO="1", HSTS=hsts),
        text=True,
    )
    ditas = dict(re.findall(r"SECURE_HSTS_(\w+) = (\w+)", definicoes))
    assert ditas == {
        "SECONDS": "31536000",
        "INCLUDE_SUBDOMAINS": str(subdominios),
        "PRELOAD": str(preload),
    }
