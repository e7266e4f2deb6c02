"""Os degraus de carga do relatório: os quatro alvos alternados, na mesma corrida."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from laboratorio.carga.encomendas import Carga
from laboratorio.carga.medicao import Medida, abastecer, medir
from laboratorio.receita.no_ar import Receita
from laboratorio.sistema.processos import Sistema, preparar_bancos

ALVOS = ("rest", "grpc", "receita-rest", "receita-grpc")
# a receita não recusa o excesso: em modo aberto só mostraria a sua fila
ALVOS_ABERTOS = ("rest", "grpc")
Avisar = Callable[[str, float], None]


@dataclass(frozen=True)
class PlanoDeCarga:
    """Clientes e frações do pico de cada degrau, quantas rodadas, e quanto dura cada um (s)."""

    clientes: tuple[int, ...]
    fracoes: tuple[float, ...]
    rodadas: int
    segundos: float
    aquecimento_s: float

    @property
    def degraus(self) -> int:
        por_rodada = len(self.clientes) * len(ALVOS) + len(self.fracoes) * len(ALVOS_ABERTOS)
        return self.rodadas * por_rodada


INTEIRO = PlanoDeCarga(
    (1, 8, 32, 128), (0.5, 0.8, 1.0, 1.5), rodadas=3, segundos=6, aquecimento_s=2
)
RAPIDO = PlanoDeCarga((1, 8), (0.5, 1.5), rodadas=1, segundos=1, aquecimento_s=0.3)


def medir_carga(pasta: Path, semente: int, rapido: bool, avisar: Avisar) -> Iterator[Medida]:
    """Mede cada degrau e dá a medida assim que a tem, um item de carga.json.

    `avisar` recebe o que se está fazendo e a fração já feita do todo, de 0 a 1. Interrompido ou
    fechado, o iterador não deixa processos.
    """
    plano = RAPIDO if rapido else INTEIRO
    avisar("pondo os dois sistemas no ar", 0)
    with ExitStack() as no_ar:
        alvos = _por_no_ar(pasta, no_ar)
        for feitos, (alvo, rodada, carga) in enumerate(_degraus(plano, semente, medidas := [])):
            quanto = f"{carga.clientes} clientes" if carga.clientes else f"{carga.taxa:.0f} por s"
            avisar(f"{alvo}, {quanto}, rodada {rodada}", feitos / plano.degraus)
            sistema = alvos[alvo]
            medida = medir(alvo, sistema, carga, rodada=rodada, aquecimento_s=plano.aquecimento_s)
            medidas.append(medida)
            yield medida


def _por_no_ar(pasta: Path, no_ar: ExitStack) -> dict[str, Sistema | Receita]:
    """O sistema e a receita, cada um em sua pasta, por alvo; `no_ar` os encerra."""
    pastas = [pasta / "sistema", pasta / "receita"]
    for cada in pastas:
        cada.mkdir(parents=True)
    sistema, receita = Sistema(pastas[0]), Receita(pastas[1])
    no_ar.callback(sistema.encerrar)
    no_ar.callback(receita.encerrar)
    preparar_bancos(sistema.ambiente)
    sistema.iniciar()
    abastecer(sistema)
    receita.iniciar()
    receita.abastecer()
    return {alvo: receita if alvo.startswith("receita") else sistema for alvo in ALVOS}


def _degraus(
    plano: PlanoDeCarga, semente: int, medidas: list[Medida]
) -> Iterator[tuple[str, int, Carga]]:
    """Alvo, rodada e carga. As taxas saem do pico que a primeira rodada achou em cada alvo."""
    for rodada in range(1, plano.rodadas + 1):
        desta = semente + rodada
        for clientes in plano.clientes:
            for alvo in ALVOS:
                yield alvo, rodada, Carga("fechado", plano.segundos, desta, clientes=clientes)
        for fracao in plano.fracoes:
            for alvo in ALVOS_ABERTOS:
                taxa = max(1, round(fracao * _pico(medidas, alvo)))
                yield alvo, rodada, Carga("aberto", plano.segundos, desta, taxa=taxa)


def _pico(medidas: list[Medida], alvo: str) -> float:
    """O mais que o alvo fez por segundo, com clientes que esperam, na primeira rodada."""
    da_primeira = (m for m in medidas if (m.alvo, m.modo, m.rodada) == (alvo, "fechado", 1))
    return max(m.por_segundo for m in da_primeira)
