"""O crescimento medido: os mesmos transportes sobre bancos que têm mesmo os pedidos que se diz."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from sqlite3 import connect

import psutil
import pytest

from laboratorio.carga.crescimento import RAPIDO, medir_crescimento


def vivos() -> set[psutil.Process]:
    """Os processos que este começou; os de outros testes podem estar no ar."""
    filhos = psutil.Process().children(recursive=True)
    return {filho for filho in filhos if filho.status() != psutil.STATUS_ZOMBIE}


def teste_cada_tamanho_e_medido_nos_dois_transportes_e_ninguem_sobra(tmp_path: Path) -> None:
    antes, avisos = vivos(), list[float]()
    pasta = tmp_path / "crescimento"

    medidas = list(medir_crescimento(pasta, 1, True, lambda _, fracao: avisos.append(fracao)))

    feitas = [(m.alvo, m.pedidos_no_banco) for m in medidas]
    assert feitas == [(alvo, n) for n in RAPIDO.pedidos for alvo in ("rest", "grpc")]
    assert all(m.concluidos and not m.erros and m.clientes == 8 for m in medidas)
    assert avisos == sorted(avisos) and 0 <= avisos[0] < avisos[-1] <= 1
    for tamanho in RAPIDO.pedidos:
        with closing(connect(pasta / str(tamanho) / "pedidos.db")) as banco:
            guardados = banco.execute("SELECT count(*) FROM pedidos_pedido").fetchone()[0]
        concluidos = sum(m.concluidos for m in medidas if m.pedidos_no_banco == tamanho)
        assert guardados >= tamanho + concluidos
    assert vivos() == antes


def teste_interrompido_ao_encher_os_bancos_nao_deixa_processos(tmp_path: Path) -> None:
    antes = vivos()

    def interromper(o_que: str, _: float) -> None:
        if o_que.startswith("gerando"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        next(medir_crescimento(tmp_path / "crescimento", 1, True, interromper))

    assert vivos() == antes
