"""Uma falha segundo a segundo: o que os clientes ouviram e o que ficou por terminar no banco."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from laboratorio.carga.registros import Registro, Registros
from laboratorio.estatistica import percentil
from pedidos.dominio import INACABADOS

PASSO_S = 0.2
# lido à parte do sistema, para que olhar não lhe custe nada
_OLHAR = """
    SELECT count(*), min(id), (SELECT max(id) FROM pedidos_pedido) FROM pedidos_pedido
    WHERE status IN (SELECT value FROM json_each(?))
"""


@dataclass(frozen=True)
class Olhada:
    """O banco de pedidos num instante (s, de `time.monotonic()`).

    `primeiro` é o menor número entre os pedidos em andamento; `ultimo`, o maior de todos.
    """

    instante: float
    em_andamento: int
    primeiro: int | None
    ultimo: int


@dataclass(frozen=True)
class Segundo:
    """O que se respondeu no segundo que começa em `t`, e os pedidos em andamento no seu fim.

    As latências são dos pedidos aceitos (concluídos ou a caminho), desde a chegada marcada; são
    None se nenhum teve resposta. `outros` são erros: sobrecarga, indisponível, sem resposta...
    """

    t: int
    concluidos: int
    a_caminho: int
    recusados: int
    outros: int
    p50_ms: float | None
    p99_ms: float | None
    em_andamento: int


@contextmanager
def observando(pasta: Path) -> Iterator[list[Olhada]]:
    """Olha pedidos.db a cada PASSO_S enquanto dura o bloco; a lista cresce com as olhadas."""
    olhadas: list[Olhada] = []
    fim = threading.Event()

    def observar() -> None:
        with closing(sqlite3.connect(f"file:{pasta / 'pedidos.db'}?mode=ro", uri=True)) as banco:
            while not fim.wait(PASSO_S):
                achado = banco.execute(_OLHAR, [json.dumps(INACABADOS)]).fetchone()
                olhadas.append(Olhada(time.monotonic(), *achado))

    with ThreadPoolExecutor(1) as executor:
        turno = executor.submit(observar)
        try:
            yield olhadas
        finally:
            fim.set()
        turno.result()  # um erro ao ler o banco aparece aqui


def segundos(registros: Registros, olhadas: Sequence[Olhada], ate_s: float) -> list[Segundo]:
    """Os segundos de 0 a `ate_s`; uma resposta conta no segundo em que chegou."""
    por_segundo: dict[int, list[Registro]] = {}
    for registro in registros.pedidos:
        chegou = int(registro.inicio_s + registro.duracao_ms / 1000)
        por_segundo.setdefault(chegou, []).append(registro)
    return [
        _segundo(t, por_segundo.get(t, ()), _em_andamento(olhadas, registros.inicio + t + 1))
        for t in range(int(ate_s))
    ]


def _segundo(t: int, registros: Sequence[Registro], em_andamento: int) -> Segundo:
    desfechos = Counter(registro.desfecho for registro in registros)
    aceitos = [r.duracao_ms for r in registros if r.desfecho in ("concluido", "a_caminho")]
    p50, p99 = (round(percentil(aceitos, p), 1) if aceitos else None for p in (50, 99))
    return Segundo(
        t,
        concluidos=desfechos.pop("concluido", 0),
        a_caminho=desfechos.pop("a_caminho", 0),
        recusados=desfechos.pop("recusado", 0),
        outros=desfechos.total(),
        p50_ms=p50,
        p99_ms=p99,
        em_andamento=em_andamento,
    )


def _em_andamento(olhadas: Sequence[Olhada], instante: float) -> int:
    """Quantos havia na última olhada até o instante."""
    ate_la = list(takewhile(lambda olhada: olhada.instante <= instante, olhadas))
    return ate_la[-1].em_andamento if ate_la else 0


def convergencia_s(olhadas: Sequence[Olhada], volta: float) -> float | None:
    """Da volta do serviço até acabarem todos os pedidos que já havia; None se não acabaram.

    A carga segue depois da volta, e sempre haverá pedidos novos em andamento: não contam.
    """
    antes = list(takewhile(lambda olhada: olhada.instante <= volta, olhadas))
    ultimo = antes[-1].ultimo if antes else 0
    for olhada in olhadas[len(antes) :]:
        if olhada.primeiro is None or olhada.primeiro > ultimo:
            return round(olhada.instante - volta, 1)
    return None
