"""Um degrau de carga sobre um sistema no ar: o gerador à parte, o que se viu e o que custou."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, Protocol, cast

from laboratorio.amostras import Amostra
from laboratorio.encomendas import PRODUTOS, Carga
from laboratorio.registros import Registros, ler_registros
from laboratorio.sistema import Sistema

AQUECIMENTO_S = 2.0
PECAS_DE_UMA_VEZ = 1_000_000
# além do que pedem as últimas respostas, que o gerador já limita
SOBRA_S = 60


class NoAr(Protocol):
    """O que se mede: um `Sistema` ou a receita do enunciado, já iniciado."""

    pasta: Path
    processos: dict[str, subprocess.Popen[bytes]]

    def url(self, servico: str) -> str: ...
    def alvo(self, servico: str) -> str: ...


@dataclass(frozen=True)
class Medida:
    """Um degrau medido; os campos são os dos arquivos de dados do relatório.

    Latências (ms) são as dos pedidos concluídos. `cpu_ms_por_checkout` soma todos os processos do
    sistema, sem o gerador, que vem à parte; None se nada se concluiu. Por processo, a memória, as
    threads e os arquivos são o máximo das amostras.
    """

    alvo: str
    modo: str
    clientes: int | None
    taxa: float | None
    rodada: int
    pedidos_no_banco: int
    segundos: float
    concluidos: int
    por_segundo: float
    erros: dict[str, int]
    latencia_ms: dict[str, float]
    cpu_ms_por_checkout: float | None
    gerador: dict[str, float | None]
    processos: dict[str, dict[str, float | None]]
    amostras: list[Amostra]

    def como_json(self) -> dict[str, Any]:
        return asdict(self)


class Geracao:
    """Um gerador já aquecido, à espera de `comecar`."""

    def __init__(self, processo: subprocess.Popen[str], arquivo: Path) -> None:
        self.processo = processo
        self.arquivo = arquivo

    def comecar(self) -> None:
        """Dá a largada; o começo exato fica no diário (`Registros.inicio`)."""
        self._mandar("valendo")

    def acabou(self, espera_s: float) -> bool:
        """Espera até tanto; se acabou. RuntimeError se o gerador falhou."""
        try:
            codigo = self.processo.wait(espera_s)
        except subprocess.TimeoutExpired:
            return False
        if codigo:
            raise RuntimeError(f"o gerador de carga saiu com código {codigo}")
        return True

    def registros(self) -> Registros:
        """O que se viu; só depois de acabar."""
        return ler_registros(self.arquivo)

    def _mandar(self, linha: str) -> None:
        entrada = cast("IO[str]", self.processo.stdin)
        entrada.write(linha + "\n")
        entrada.flush()


@contextmanager
def gerando(
    alvo: str, sistema: NoAr, carga: Carga, arquivo: Path, *, aquecimento_s: float = 0.0
) -> Iterator[Geracao]:
    """Um gerador de carga em segundo plano, aquecido e sem nada em curso, até `comecar()`.

    Na saída normal espera que ele acabe; na saída por erro ou Ctrl-C manda que pare, e o diário
    fica com o que se mediu.
    """
    raise NotImplementedError


def medir(
    alvo: str,
    sistema: NoAr,
    carga: Carga,
    *,
    rodada: int = 1,
    pedidos_no_banco: int = 0,
    aquecimento_s: float = AQUECIMENTO_S,
) -> Medida:
    """Gera a carga sobre `alvo` (rest, grpc, receita-rest, receita-grpc) e mede o sistema."""
    raise NotImplementedError


def abastecer(sistema: Sistema) -> None:
    """Põe em estoque mais peças de cada produto do que qualquer corrida compra."""
    for produto in PRODUTOS:
        resposta = sistema.pedir(
            "POST",
            "estoque",
            f"/estoque/{produto}/entrada",
            chave="interna",
            json={"quantidade": PECAS_DE_UMA_VEZ},
        )
        resposta.raise_for_status()
