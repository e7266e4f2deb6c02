"""O relógio de todos os processos salta de verdade, e nada além da hora que se mostra muda."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from functools import partial
from pathlib import Path

import pytest
import requests

from laboratorio.sistema.processos import TERMINA_EM_S, Sistema, esperar
from testes.apoio.compras import abastecer, corpo
from testes.apoio.portas import Porta, duas_portas

# o primeiro passa dos 30 dias que vale uma chave, e o segundo de toda espera do sistema
SALTOS_S = {"adiantado 31 dias": 31 * 86_400, "atrasado uma hora": -3600}


# a libfaketime 0.9.10 erra o clock_nanosleep com hora marcada, que é o sleep do Python 3.11
SEM_NANOSLEEP = "import select, time; time.sleep = lambda s: select.select([], [], [], s) and None"


def _libfaketime() -> str:
    """A biblioteca que dá outra hora a um processo; sem ela o teste é saltado, menos na CI."""
    achadas = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    if achadas:
        return str(achadas[0])
    motivo = "não há libfaketime nesta máquina (no Debian: apt install faketime)"
    if os.environ.get("CI") == "true":
        pytest.fail(motivo)
    pytest.skip(motivo)


@pytest.mark.parametrize("salto_s", SALTOS_S.values(), ids=SALTOS_S)
def teste_o_relogio_salta(
    salto_s: int, novo_sistema: Callable[..., Sistema], tmp_path: Path
) -> None:
    # dado um sistema cuja hora é a da máquina mais a que está num arquivo
    hora = tmp_path / "hora"
    hora.write_text("+0")
    sistema = novo_sistema(
        LD_PRELOAD=_libfaketime(),
        FAKETIME_TIMESTAMP_FILE=str(hora),
        FAKETIME_NO_CACHE="1",
        FAKETIME_DONT_FAKE_MONOTONIC="1",
        PYTHONPATH=str(tmp_path),
    )
    (tmp_path / "sitecustomize.py").write_text(SEM_NANOSLEEP)
    sistema.iniciar()
    abastecer(sistema, 1)
    with duas_portas(sistema) as portas:
        # e um pedido de cada transporte à espera da logística, e um anônimo que pediu demais
        for nome in ("logistica", "logistica-grpc"):
            sistema.matar(nome)
        pedidos = {porta: porta.criar(corpo(), porta.nome)[1] for porta in portas}
        _esgotar(sistema)

        # quando o relógio salta
        hora.write_text(f"{salto_s:+d}")
        recusa = _esgotar(sistema)
        agora = parsedate_to_datetime(recusa.headers["Date"]).timestamp()
        assert agora - time.time() == pytest.approx(salto_s, abs=60)
        sistema.iniciar("logistica", "logistica-grpc")

        # então os pedidos vão ao fim, a chave de cada um ainda é dele, e se compra como antes
        for porta, pedido_id in pedidos.items():
            esperar(partial(_enviado, porta, pedido_id), TERMINA_EM_S, f"envio por {porta.nome}")
            assert porta.criar(corpo(), porta.nome)[1] == pedido_id
            assert _enviado(porta, porta.criar(corpo())[1])
        # e o anônimo não espera mais que o seu minuto
        assert int(recusa.headers["Retry-After"]) <= 60
    assert sistema.auditar()["violacoes"] == []


def _enviado(porta: Porta, pedido_id: int | None) -> bool:
    resposta, _ = porta.agir("consultar", pedido_id or 0)
    return bool(resposta.pedido and resposta.pedido[0] == "enviado")


def _esgotar(sistema: Sistema) -> requests.Response:
    """A recusa que um anônimo ouve depois de pedir demais."""
    with requests.Session() as anonimo:
        anonimo.trust_env = False
        while (resposta := anonimo.get(f"{sistema.url('catalogo')}/produtos")).ok:
            pass
    assert resposta.status_code == 429
    return resposta
