"""O que os bancos cheios custam: a mesma carga sobre sistemas iguais, com 0 e muitos pedidos."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from subprocess import CalledProcessError

from laboratorio.carga.encomendas import Carga
from laboratorio.carga.medicao import TRANSPORTES, Medida, abastecer, medir
from laboratorio.formatos import numero
from laboratorio.sistema.bancos_cheios import encher_bancos
from laboratorio.sistema.processos import Sistema, preparar_bancos

CLIENTES = 8
BYTES_POR_PEDIDO = 2_500  # no disco; só serve para estimar quanto falta gerar
Avisar = Callable[[str, float], None]


@dataclass(frozen=True)
class PlanoDeCrescimento:
    """Os pedidos de cada sistema, quantas rodadas, quanto dura cada medida (s) e que fração
    do tempo se vai em encher os bancos."""

    pedidos: tuple[int, ...]
    rodadas: int
    segundos: float
    aquecimento_s: float
    fracao_de_encher: float


INTEIRO = PlanoDeCrescimento(
    (0, 10_000, 1_000_000), 6, segundos=4, aquecimento_s=1, fracao_de_encher=0.5
)
RAPIDO = PlanoDeCrescimento((0, 2_000), 1, segundos=1.5, aquecimento_s=0.5, fracao_de_encher=0.4)


def medir_crescimento(pasta: Path, semente: int, rapido: bool, avisar: Avisar) -> Generator[Medida]:
    """Mede cada tamanho nos dois transportes e dá a medida assim que a tem.

    Os sistemas ficam todos no ar e um só é carregado de cada vez; a ordem muda a cada rodada, e o
    que a máquina mudou no meio não favorece nenhum. Um milhão de pedidos pede uns 5 GB de disco
    enquanto se gera. Interrompido ou fechado, o iterador não deixa processos. RuntimeError se os
    dados não puderam ser gerados.
    """
    plano = RAPIDO if rapido else INTEIRO
    with ExitStack() as no_ar:
        sistemas = _encher_todos(pasta, plano, avisar)
        for sistema in sistemas.values():
            no_ar.callback(sistema.encerrar)
        avisar("pondo os sistemas no ar", plano.fracao_de_encher)
        for sistema in sistemas.values():
            sistema.iniciar()
            abastecer(sistema)
        passos = list(_passos(plano))
        for feitos, (rodada, pedidos, alvo) in enumerate(passos):
            fracao = plano.fracao_de_encher + (1 - plano.fracao_de_encher) * feitos / len(passos)
            avisar(f"{alvo}, {numero(pedidos)} pedidos, rodada {rodada}", fracao)
            yield medir(
                alvo,
                sistemas[pedidos],
                Carga("fechado", plano.segundos, semente + rodada, clientes=CLIENTES),
                rodada=rodada,
                pedidos_no_banco=pedidos,
                aquecimento_s=plano.aquecimento_s,
            )


def _passos(plano: PlanoDeCrescimento) -> Iterator[tuple[int, int, str]]:
    """Rodada, pedidos e transporte. Em 2 rodadas por tamanho, cada um passou por todo lugar."""
    for rodada in range(plano.rodadas):
        giro = rodada // 2 % len(plano.pedidos)
        ordem = plano.pedidos[giro:] + plano.pedidos[:giro]
        for pedidos in ordem if rodada % 2 == 0 else reversed(ordem):
            for alvo in TRANSPORTES:
                yield rodada + 1, pedidos, alvo


def _encher_todos(pasta: Path, plano: PlanoDeCrescimento, avisar: Avisar) -> dict[int, Sistema]:
    """Um sistema ainda parado para cada tamanho; o de 0 tem só a loja que todo início semeia."""
    avisar("preparando os bancos", 0)
    sistemas = {pedidos: Sistema(pasta / str(pedidos)) for pedidos in plano.pedidos}
    vazio, *cheios = plano.pedidos
    sistemas[vazio].pasta.mkdir(parents=True)
    preparar_bancos(sistemas[vazio].ambiente)
    prontos = 0
    for pedidos in cheios:

        def avisar_da_parte(o_que: str, feitos: float, prontos: int = prontos) -> None:
            avisar(o_que, plano.fracao_de_encher * (prontos + feitos) / sum(cheios))

        _encher(sistemas[pedidos], pedidos, avisar_da_parte)
        prontos += pedidos
    return sistemas


def _encher(sistema: Sistema, pedidos: int, avisar: Avisar) -> None:
    def avisar_do_escrito() -> None:
        escritos = sum(arquivo.stat().st_size for arquivo in sistema.pasta.glob("*.db*"))
        avisar(f"gerando {numero(pedidos)} pedidos", min(pedidos, escritos / BYTES_POR_PEDIDO))

    sistema.pasta.mkdir(parents=True)
    registro = sistema.pasta / "manage.log"
    try:
        with registro.open("w", encoding="utf-8") as saida:
            encher_bancos(sistema, pedidos, saida, enquanto=avisar_do_escrito)
    except CalledProcessError as erro:
        raise RuntimeError(registro.read_text(encoding="utf-8")) from erro
