"""A coleta do relatório: mede todas as partes, em ordem, e guarda cada dado assim que o tem."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, cast

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from laboratorio.carga.crescimento import medir_crescimento
from laboratorio.carga.degraus import medir_carga
from laboratorio.carga.medicao import Medida
from laboratorio.falhas.comando import medir_falhas
from laboratorio.relatorio import gerador_do_enunciado, linhas_de_codigo
from laboratorio.relatorio.maquina import descrever

SEMENTE = 2026
Avisar = Callable[[str, float], None]
Item = Medida | dict[str, Any]


@dataclass(frozen=True)
class Parte:
    """Uma parte do relatório: o nome do seu arquivo de dados, e quanto pesa no tempo total."""

    nome: str
    medir: Callable[[Path, int, bool, Avisar], Iterator[Item]]
    peso: float


PARTES = (
    Parte("carga", medir_carga, 13),
    Parte("crescimento", medir_crescimento, 8),
    Parte("falhas", medir_falhas, 8),
)


def coletar(destino: Path, rapido: bool, semente: int) -> bool:
    """Mede tudo para `destino`/dados; os dados de uma corrida anterior saem de lá.

    Com Ctrl-C para, sem deixar processos, e o que se mediu fica. Devolve se chegou ao fim.
    """
    dados = destino / "dados"
    dados.mkdir(parents=True, exist_ok=True)
    corrida = {"inicio": datetime.now(UTC).isoformat(timespec="seconds"), "duracao_s": 0.0}
    corrida |= {"inteira": False, "rapido": rapido, "semente": semente} | descrever()
    for velho in dados.glob("*.json"):
        velho.unlink()
    _guardar(dados / "corrida.json", corrida)
    comeco = time.monotonic()
    try:
        _medir_tudo(dados, rapido, semente)
        corrida["inteira"] = True
    except KeyboardInterrupt:
        Console(stderr=True).print("Interrompido: fica o que já se mediu.")
    finally:
        corrida["duracao_s"] = round(time.monotonic() - comeco, 1)
        _guardar(dados / "corrida.json", corrida)
    return bool(corrida["inteira"])


def _medir_tudo(dados: Path, rapido: bool, semente: int) -> None:
    _guardar(dados / "linhas.json", linhas_de_codigo.contar())
    _guardar(dados / "enunciado.json", gerador_do_enunciado.examinar())
    feito = 0.0
    with tempfile.TemporaryDirectory(prefix="laboratorio-") as pasta, _barra() as andar:
        for parte in PARTES:
            avisar = partial(_avisar_da_parte, andar, parte, feito)
            medir = parte.medir(Path(pasta) / parte.nome, semente, rapido, avisar)
            _medir_parte(dados / f"{parte.nome}.json", cast("Generator[Item]", medir))
            avisar("pronto", 1.0)
            feito += parte.peso


def _medir_parte(arquivo: Path, medir: Generator[Item]) -> None:
    itens: list[dict[str, Any]] = []
    # fechado, mesmo que a interrupção venha ao guardar, o gerador encerra os processos
    with closing(medir):
        for item in medir:
            itens.append(item.como_json() if isinstance(item, Medida) else item)
            _guardar(arquivo, itens)


def _avisar_da_parte(andar: Avisar, parte: Parte, feito: float, o_que: str, fracao: float) -> None:
    todo = sum(cada.peso for cada in PARTES)
    andar(f"{parte.nome}: {o_que}", (feito + parte.peso * fracao) / todo)


def _guardar(arquivo: Path, dados: Any) -> None:
    """Escreve ao lado e troca: uma interrupção não deixa um arquivo pela metade."""
    novo = arquivo.with_suffix(".novo")
    novo.write_text(json.dumps(dados, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    novo.replace(arquivo)


@contextmanager
def _barra() -> Iterator[Avisar]:
    """Uma barra só, com o tempo que falta estimado pelo ritmo dos últimos minutos."""
    colunas = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    barra = Progress(
        *colunas, TimeRemainingColumn(), console=Console(stderr=True), speed_estimate_period=300
    )
    with barra:
        tarefa = barra.add_task("", total=1.0)
        yield lambda o_que, fracao: barra.update(tarefa, description=o_que, completed=fracao)
