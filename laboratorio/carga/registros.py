"""O diário do gerador: uma linha JSON por pedido, do cabeçalho ao fecho."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType


@dataclass(frozen=True)
class Registro:
    """Um pedido: quando começou (s, desde o começo da carga), quanto levou e em que deu.

    No modo aberto o começo é a hora marcada da chegada. `pedido_id` vem quando a resposta o traz;
    `chave`, a Idempotency-Key, acaba em `-` e na ordem da encomenda, desde 0.
    """

    inicio_s: float
    duracao_ms: float
    desfecho: str
    pedido_id: int | None = None
    chave: str = ""


@dataclass
class Registros:
    """Tudo o que um gerador viu.

    `inicio` é o `time.monotonic()` do começo da carga, o mesmo relógio em todos os processos;
    `segundos`, quanto ela durou, até a última resposta; `cpu_s`, a CPU do gerador nela.
    """

    inicio: float
    pedidos: list[Registro] = field(default_factory=list)
    segundos: float = 0.0
    cpu_s: float = 0.0
    inteiro: bool = False


class Diario:
    """Escreve os registros à medida que vêm, para que uma interrupção não os perca."""

    def __init__(self, arquivo: Path, inicio: float) -> None:
        self._arquivo = arquivo.open("w", encoding="utf-8", buffering=1)
        self._escrever({"inicio": inicio})

    def anotar(self, registro: Registro) -> None:
        self._escrever(asdict(registro))

    def fechar(self, *, segundos: float, cpu_s: float, inteiro: bool) -> None:
        self._escrever({"segundos": segundos, "cpu_s": cpu_s, "inteiro": inteiro})

    def __enter__(self) -> Diario:
        return self

    def __exit__(
        self, _t: type[BaseException] | None, _e: BaseException | None, _r: TracebackType | None
    ) -> None:
        self._arquivo.close()

    def _escrever(self, linha: dict[str, object]) -> None:
        self._arquivo.write(json.dumps(linha) + "\n")


def ler_registros(arquivo: Path) -> Registros:
    """Lê o diário de um gerador; sem fecho (morreu no meio), vai até a última resposta anotada."""
    # a última linha pode ter ficado pela metade
    cabecalho, *linhas = arquivo.read_text(encoding="utf-8").rpartition("\n")[0].splitlines()
    registros = Registros(**json.loads(cabecalho))
    for linha in map(json.loads, linhas):
        if "desfecho" in linha:
            registros.pedidos.append(Registro(**linha))
        else:
            registros.segundos, registros.cpu_s = linha["segundos"], linha["cpu_s"]
            registros.inteiro = linha["inteiro"]
    if not registros.segundos:
        fins = (r.inicio_s + r.duracao_ms / 1000 for r in registros.pedidos)
        registros.segundos = max(fins, default=0.0)
    return registros
