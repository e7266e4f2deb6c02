"""Um degrau de carga sobre um sistema no ar: o gerador à parte, o que se viu e o que custou."""

from __future__ import annotations

import json
import select
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, Protocol, cast

from laboratorio.carga.encomendas import PRODUTOS, Carga
from laboratorio.carga.registros import Registros, ler_registros
from laboratorio.estatistica import percentil
from laboratorio.sistema.amostras import Amostra, Amostrador, cpu_s
from laboratorio.sistema.processos import CHAVES, RAIZ, Sistema, ambiente_de_fora

TRANSPORTES = ("rest", "grpc")
AQUECIMENTO_S = 2.0
PECAS_DE_UMA_VEZ = 1_000_000
# além do que pedem as últimas respostas, que o gerador já limita
SOBRA_S = 60
PASSO_S = 1.0  # entre uma amostra e outra


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

    def preparar(self, parametros: dict[str, Any]) -> None:
        """Manda os parâmetros e espera o aquecimento; RuntimeError se o gerador falhou."""
        self._mandar(json.dumps(parametros))
        saida = cast("IO[str]", self.processo.stdout)
        chegou, _, _ = select.select([saida], [], [], parametros["aquecimento_s"] + SOBRA_S)
        if not chegou or saida.readline() != "pronto\n":
            raise RuntimeError("o gerador de carga não aqueceu")

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

    Na saída normal espera que ele acabe (TimeoutError se passa muito da hora); na saída por erro
    ou Ctrl-C manda que pare, e o diário fica com o que se mediu.
    """
    parametros = {
        "alvo": alvo,
        "endereco": sistema.alvo("pedidos") if alvo.endswith("grpc") else sistema.url("pedidos"),
        "chave": CHAVES["CHAVE_LOJA"],
        "arquivo": str(arquivo),
        "aquecimento_s": aquecimento_s,
        "carga": asdict(carga),
    }
    with subprocess.Popen(
        [sys.executable, "-m", "laboratorio.carga.gerador"],
        cwd=RAIZ,
        env=ambiente_de_fora(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # o Ctrl-C é nosso: quem o para somos nós
    ) as processo:
        geracao = Geracao(processo, arquivo)
        try:
            geracao.preparar(parametros)
            yield geracao
            if not geracao.acabou(carga.segundos + SOBRA_S):
                raise TimeoutError("o gerador de carga não acabou")
        finally:
            _parar(processo)


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
    with tempfile.TemporaryDirectory() as pasta:
        arquivo = Path(pasta) / "diario.jsonl"
        with gerando(alvo, sistema, carga, arquivo, aquecimento_s=aquecimento_s) as geracao:
            amostrador, antes = Amostrador(sistema.processos), cpu_s(sistema.processos)
            geracao.comecar()
            limite = time.monotonic() + carga.segundos + SOBRA_S
            while not geracao.acabou(PASSO_S) and time.monotonic() < limite:
                amostrador.retratar()
        if not amostrador.amostras:  # uma carga de menos de um segundo
            amostrador.retratar()
        depois = cpu_s(sistema.processos)
        registros = ler_registros(arquivo)
    gasto = {nome: depois[nome] - antes[nome] for nome in antes}
    return _medida(
        alvo,
        carga,
        registros,
        gasto,
        amostrador.amostras,
        rodada=rodada,
        pedidos_no_banco=pedidos_no_banco,
    )


def _medida(
    alvo: str,
    carga: Carga,
    registros: Registros,
    gasto_s: dict[str, float],
    amostras: list[Amostra],
    *,
    rodada: int,
    pedidos_no_banco: int,
) -> Medida:
    desfechos = Counter(registro.desfecho for registro in registros.pedidos)
    concluidos = desfechos.pop("concluido", 0)
    duracoes = [r.duracao_ms for r in registros.pedidos if r.desfecho == "concluido"]

    def por_checkout(cpu: float) -> float | None:
        return round(cpu * 1000 / concluidos, 3) if concluidos else None

    def por_cento(cpu: float) -> float:
        return round(cpu * 100 / registros.segundos, 1)

    return Medida(
        alvo=alvo,
        modo=carga.modo,
        clientes=carga.clientes,
        taxa=carga.taxa,
        rodada=rodada,
        pedidos_no_banco=pedidos_no_banco,
        segundos=round(registros.segundos, 3),
        concluidos=concluidos,
        por_segundo=round(concluidos / registros.segundos, 2),
        erros=dict(desfechos),
        latencia_ms=_latencias(duracoes),
        cpu_ms_por_checkout=por_checkout(sum(gasto_s.values())),
        gerador={
            "cpu_ms_por_checkout": por_checkout(registros.cpu_s),
            "cpu_por_cento": por_cento(registros.cpu_s),
        },
        processos={
            nome: {"cpu_ms_por_checkout": por_checkout(cpu), "cpu_por_cento": por_cento(cpu)}
            | _maximos(nome, amostras)
            for nome, cpu in gasto_s.items()
        },
        amostras=amostras,
    )


def _latencias(duracoes_ms: list[float]) -> dict[str, float]:
    if not duracoes_ms:
        return {}
    percentis = {f"p{p}": percentil(duracoes_ms, p) for p in (50, 90, 99)}
    return percentis | {"max": max(duracoes_ms)}


def _maximos(nome: str, amostras: list[Amostra]) -> dict[str, float | None]:
    dele = [amostra for amostra in amostras if amostra.processo == nome]
    return {
        campo: max((getattr(amostra, campo) for amostra in dele), default=None)
        for campo in ("memoria_mb", "threads", "arquivos")
    }


def _parar(processo: subprocess.Popen[str]) -> None:
    """SIGTERM, e o tempo de escrever o diário."""
    if processo.poll() is None:
        processo.terminate()
    try:
        processo.wait(10)
    except subprocess.TimeoutExpired:
        processo.kill()


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
