"""Falhas medidas: um serviço falha sob carga e volta, e o que se passou segundo a segundo.

Cada cenário, em cada transporte, tem um sistema só seu: carga constante, a falha, a volta, a
espera até que todo pedido termine, e no fim a auditoria.
"""

from __future__ import annotations

import argparse
import json
import math
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from laboratorio.carga.encomendas import Carga
from laboratorio.carga.medicao import TRANSPORTES, Geracao, gerando
from laboratorio.carga.registros import Registros
from laboratorio.falhas.cenarios import CENARIOS, Cenario, SobCarga, montada
from laboratorio.falhas.linha_do_tempo import PASSO_S, Olhada, convergencia_s, observando, segundos
from laboratorio.falhas.promessas import auditar, confirmadas, terminadas
from laboratorio.falhas.tabelas import mostrar_falhas
from laboratorio.sistema.processos import ambiente_de_teste, preparar_bancos

SEMENTE = 2026
TAXA = 15.0  # pedidos/s: abaixo do pico mesmo numa máquina lenta, para que só a falha se veja
AQUECIMENTO_S = 2.0
ESPERA_PELO_FIM_S = 60
TODAS = tuple(cenario.falha for cenario in CENARIOS)
NO_RAPIDO = ("estoque morto",)
Avisar = Callable[[str, float], None]


@dataclass(frozen=True)
class Tempos:
    """Segundos de carga antes da falha, com ela, e depois da volta."""

    antes: float
    falha: float
    depois: float

    @property
    def carga(self) -> float:
        return self.antes + self.falha + self.depois


INTEIROS, CURTOS = Tempos(8, 10, 15), Tempos(2, 3, 5)


@dataclass(frozen=True)
class Medicao:
    """Um cenário num transporte, com a carga que a semente dá."""

    cenario: Cenario
    transporte: str
    tempos: Tempos
    semente: int


def medir_falhas(
    pasta: Path,
    semente: int,
    rapido: bool,
    avisar: Avisar,
    *,
    falhas: Sequence[str] = (),
    transportes: Sequence[str] = TRANSPORTES,
) -> Iterator[dict[str, Any]]:
    """Mede cada cenário em cada transporte e dá um item de falhas.json assim que o tem.

    `avisar` recebe o que se está fazendo e a fração já feita do todo, de 0 a 1. `falhas` vazio são
    todas, ou as de `rapido`. Interrompido ou fechado, o iterador não deixa processos.
    """
    tempos = CURTOS if rapido else INTEIROS
    cenarios = [c for c in CENARIOS if c.falha in (falhas or (NO_RAPIDO if rapido else TODAS))]
    medicoes = [Medicao(c, t, tempos, semente) for c in cenarios for t in transportes]
    avisar("preparando os bancos", 0)
    modelo = pasta / "bancos-prontos"
    modelo.mkdir(parents=True)
    preparar_bancos(ambiente_de_teste(modelo))
    for feitas, medicao in enumerate(medicoes):
        o_que = f"{medicao.cenario.falha}, {medicao.transporte}"
        avisar(o_que, feitas / len(medicoes))
        deste = pasta / o_que.replace(", ", "-").replace(" ", "-")
        shutil.copytree(modelo, deste)
        with montada(deste, medicao.cenario, medicao.transporte) as alvo:
            andar = partial(_avisar_parte, avisar, o_que, feitas, len(medicoes))
            medida = medir_falha(medicao, alvo, andar)
        yield medida


def _avisar_parte(avisar: Avisar, o_que: str, feitas: int, todas: int, fracao: float) -> None:
    avisar(o_que, (feitas + fracao) / todas)


def medir_falha(medicao: Medicao, alvo: SobCarga, andar: Callable[[float], None]) -> dict[str, Any]:
    """Um item de falhas.json, do sistema já montado; `andar` recebe a fração da carga já feita."""
    sistema, tempos, transporte = alvo.sistema, medicao.tempos, medicao.transporte
    carga = Carga("aberto", tempos.carga, medicao.semente, taxa=TAXA)
    diario = sistema.pasta / "carga.jsonl"
    with observando(sistema.pasta) as olhadas:
        with gerando(transporte, sistema, carga, diario, aquecimento_s=AQUECIMENTO_S) as geracao:
            _esperar_o_fim(olhadas)  # do aquecimento: um começo já doente confundiria tudo
            _falhar_e_voltar(medicao, alvo, geracao, andar)
        _esperar_o_fim(olhadas)
    registros = geracao.registros()
    compras = confirmadas(registros, medicao.semente)
    return {
        "falha": medicao.cenario.falha,
        "descricao": medicao.cenario.descricao,
        "transporte": transporte,
        "eventos": [
            {"t": round(instante - registros.inicio, 1), "nome": nome}
            for instante, nome in alvo.eventos
        ],
        "segundos": _segundos(registros, olhadas, tempos.carga),
        "pedidos": len(compras),
        "terminados": terminadas(sistema, compras),
        "convergiu_em_s": convergencia_s(olhadas, alvo.eventos[-1][0]),
        "auditoria": auditar(sistema, compras),
    }


def _segundos(
    registros: Registros, olhadas: Sequence[Olhada], carga_s: float
) -> list[dict[str, Any]]:
    """Os da carga, e os de depois dela se ainda havia pedidos por terminar."""
    ocupado = max((o.instante for o in olhadas if o.em_andamento), default=registros.inicio)
    sobra_s = ocupado - registros.inicio - carga_s
    # um segundo só, sem carga e incompleto, pareceria uma queda
    ate_s = carga_s + (math.ceil(sobra_s) if sobra_s > 0.5 else 0)
    return [asdict(segundo) for segundo in segundos(registros, olhadas, ate_s)]


def _falhar_e_voltar(
    medicao: Medicao, alvo: SobCarga, geracao: Geracao, andar: Callable[[float], None]
) -> None:
    """A carga inteira, com a falha e a volta nas suas horas."""
    tempos, cenario = medicao.tempos, medicao.cenario
    marcados = [(tempos.antes, cenario.comeco), (tempos.antes + tempos.falha, cenario.volta)]
    geracao.comecar()
    inicio = time.monotonic()
    while not geracao.acabou(PASSO_S):
        passou = time.monotonic() - inicio
        andar(min(1.0, passou / tempos.carga))
        if marcados and passou >= marcados[0][0]:
            alvo.acontecer(marcados.pop(0)[1])


def _esperar_o_fim(olhadas: Sequence[Olhada]) -> None:
    """Até que nenhum pedido esteja em andamento, ou que se tenha esperado demais."""
    desistir = time.monotonic() + ESPERA_PELO_FIM_S
    while olhadas[-1].em_andamento and time.monotonic() < desistir:
        time.sleep(PASSO_S)


def argumentos(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--cenario",
        choices=TODAS,
        action="append",
        default=[],
        help="só este; pode repetir-se (todos)",
    )
    parser.add_argument("--transporte", choices=TRANSPORTES, help="só este (os dois)")
    parser.add_argument("--semente", type=int, default=SEMENTE, help=f"das encomendas ({SEMENTE})")
    parser.add_argument("--rapido", action="store_true", help="cargas de 10 s em vez de 33")
    parser.add_argument("--json", action="store_true", help="os dados, em vez de tabelas")


def executar(args: argparse.Namespace) -> int:
    """Mede e mostra; 0 se todo pedido terminou e a auditoria nada achou, 1 se não, 130 com Ctrl-C.

    Interrompido, mostra o que já mediu.
    """
    medidas: list[dict[str, Any]] = []
    transportes = [args.transporte] if args.transporte else TRANSPORTES
    interrompido = False
    with tempfile.TemporaryDirectory() as pasta, _barra() as avisar:
        try:
            for medida in medir_falhas(
                Path(pasta), args.semente, args.rapido, avisar,
                falhas=args.cenario, transportes=transportes,
            ):  # fmt: skip
                medidas.append(medida)
        except KeyboardInterrupt:
            interrompido = True
    if args.json:
        print(json.dumps(medidas, ensure_ascii=False))
    else:
        mostrar_falhas(medidas)
    return 130 if interrompido else int(not all(map(_cumprida, medidas)))


def _cumprida(medida: dict[str, Any]) -> bool:
    """Se todo pedido confirmado terminou e nada foi violado."""
    return medida["terminados"] == medida["pedidos"] and not medida["auditoria"]["violacoes"]


@contextmanager
def _barra() -> Iterator[Avisar]:
    colunas = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    with Progress(*colunas, TimeRemainingColumn(), console=Console(stderr=True)) as barra:
        tarefa = barra.add_task("", total=1.0)
        yield lambda o_que, fracao: barra.update(tarefa, description=o_que, completed=fracao)
