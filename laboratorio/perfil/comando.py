"""Onde um serviço gasta a CPU: um gráfico de chamas e uma tabela por camada.

Põe o sistema no ar numa pasta só sua, faz checkouts com 8 clientes e amostra, com o py-spy, as
threads do serviço que estão na CPU: o que espera não aparece. No macOS precisa de root.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

from ecommerce.servicos import SERVICOS
from laboratorio.carga.encomendas import Carga
from laboratorio.carga.medicao import AQUECIMENTO_S, SOBRA_S, abastecer, gerando
from laboratorio.formatos import numero, por_cento
from laboratorio.perfil.camadas import CAMADAS, arquivo_curto
from laboratorio.perfil.chamas import Funcao, Pilha, camada_da_pilha, desenhar
from laboratorio.sistema.processos import Sistema, preparar_bancos

CLIENTES = 8
SEMENTE = 1
AMOSTRAS_POR_S = 200
NUCLEO_DO_GRPC = "núcleo do gRPC (C++)"
_QUADRO = re.compile(r"(?P<nome>[^;]+) \((?P<arquivo>[^;]+)\)(?:;| (?=\d+$))")


class NaoAmostrou(RuntimeError):
    """O porquê, para quem pediu o perfil."""


@dataclass(frozen=True)
class Perfil:
    """Pilhas amostradas e CPU (ms) do processo; a nativa, se há, é a das threads sem pilha."""

    pilhas: Counter[Pilha]
    cpu_ms: float
    cpu_nativa_ms: float | None
    checkouts: int

    @property
    def cpu_por_camada(self) -> dict[str, float]:
        """CPU (ms) de cada camada, da maior para a menor; a soma é a do processo."""
        por_amostra = (self.cpu_ms - (self.cpu_nativa_ms or 0.0)) / self.pilhas.total()
        partes = Counter(dict.fromkeys(CAMADAS, 0))
        for pilha, amostras in self.pilhas.items():
            partes[camada_da_pilha(pilha)] += amostras
        gastos = {camada: amostras * por_amostra for camada, amostras in partes.items()}
        if self.cpu_nativa_ms is not None:
            gastos[NUCLEO_DO_GRPC] = self.cpu_nativa_ms
        return dict(sorted(gastos.items(), key=lambda gasto: -gasto[1]))


def argumentos(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--servico", choices=list(SERVICOS), required=True)
    parser.add_argument("--transporte", choices=["rest", "grpc"], required=True)
    parser.add_argument("--segundos", type=int, default=15, help="duração da amostragem (15)")
    parser.add_argument(
        "--saida", type=Path, default=Path("perfil.svg"), help="o gráfico (perfil.svg)"
    )


def executar(args: argparse.Namespace) -> int:
    console = Console(width=None if sys.stdout.isatty() else 100)
    with console.status(f"amostrando {args.servico} por {args.segundos} s..."):
        try:
            perfil = perfilar(args.servico, args.transporte, args.segundos)
        except NaoAmostrou as erro:
            sys.exit(str(erro))
    titulo = f"{args.servico} por {args.transporte}: CPU por função, uma cor por camada"
    args.saida.write_text(desenhar(perfil.pilhas, titulo), encoding="utf-8")
    console.print(_tabela(perfil, f"CPU de {args.servico} por {args.transporte}"))
    console.print(f"{perfil.checkouts} checkouts; gráfico de chamas em {args.saida}")
    return 0


def perfilar(servico: str, transporte: str, segundos: int) -> Perfil:
    """Põe um sistema no ar, faz checkouts e amostra o serviço.

    NaoAmostrou se o py-spy não pode, se o serviço cai ou se nenhum checkout se concluiu.
    """
    with (
        tempfile.TemporaryDirectory(prefix="perfil-") as pasta,
        _no_ar(Path(pasta)) as sistema,
    ):
        try:
            return _amostrar(sistema, servico, transporte, segundos)
        except psutil.NoSuchProcess as erro:
            raise NaoAmostrou(f"{servico} caiu durante a amostragem.") from erro


def _amostrar(sistema: Sistema, servico: str, transporte: str, segundos: int) -> Perfil:
    processo = _operario(sistema, servico, transporte)
    carga = Carga("fechado", segundos, SEMENTE, clientes=CLIENTES)
    diario = sistema.pasta / "diario.jsonl"
    with gerando(transporte, sistema, carga, diario, aquecimento_s=AQUECIMENTO_S) as geracao:
        em_python = {t["os_thread_id"] for t in json.loads(_py_spy("dump", processo, "--json"))}
        antes = _cpu_ms(processo)
        geracao.comecar()
        pilhas = _pilhas(processo, sistema.pasta / "pilhas.txt", segundos)
        gasto = {thread: ms - antes.get(thread, 0) for thread, ms in _cpu_ms(processo).items()}
        if not geracao.acabou(segundos + SOBRA_S):
            raise RuntimeError("o gerador de carga não acabou a tempo")
    checkouts = sum(r.desfecho == "concluido" for r in geracao.registros().pedidos)
    if not (checkouts and pilhas):
        raise NaoAmostrou("Nenhum checkout se concluiu durante a amostragem.")
    nativa = sum(ms for thread, ms in gasto.items() if thread not in em_python)
    # o gunicorn não tem threads nativas: as que surgem depois do começo são dele
    return Perfil(pilhas, sum(gasto.values()), nativa if transporte == "grpc" else None, checkouts)


@contextmanager
def _no_ar(pasta: Path) -> Iterator[Sistema]:
    sistema = Sistema(pasta)
    try:
        preparar_bancos(sistema.ambiente)
        sistema.iniciar()
        abastecer(sistema)
        yield sistema
    finally:
        sistema.encerrar()


def _operario(sistema: Sistema, servico: str, transporte: str) -> psutil.Process:
    """O processo que atende: por REST é o filho do gunicorn."""
    if transporte == "grpc":
        return psutil.Process(sistema.processos[f"{servico}-grpc"].pid)
    operario: psutil.Process = psutil.Process(sistema.processos[servico].pid).children()[0]
    return operario


def _cpu_ms(processo: psutil.Process) -> dict[int, float]:
    """CPU (ms) de cada thread do processo até agora; NoSuchProcess se ele já caiu."""
    if processo.status() == psutil.STATUS_ZOMBIE:
        raise psutil.ZombieProcess(processo.pid)
    return {t.id: (t.user_time + t.system_time) * 1000 for t in processo.threads()}


def _py_spy(comando: str, processo: psutil.Process, *opcoes: str) -> str:
    """O que ele escreve; NoSuchProcess se o processo caiu, NaoAmostrou se não o deixam olhar."""
    py_spy = Path(sys.executable).with_name("py-spy")
    feito = subprocess.run(  # noqa: S603 - o comando é do projeto
        [py_spy, comando, "--pid", str(processo.pid), *opcoes],
        capture_output=True,
        text=True,
        check=False,
    )
    _cpu_ms(processo)
    if feito.returncode:
        raise NaoAmostrou(
            "O py-spy não pôde olhar o processo. No macOS, rode com sudo; no Linux, num contêiner,"
            f" dê a ele SYS_PTRACE, e fora de um veja kernel.yama.ptrace_scope.\n{feito.stderr}"
        )
    return feito.stdout


def _pilhas(processo: psutil.Process, arquivo: Path, segundos: int) -> Counter[Pilha]:
    """As pilhas de quem está na CPU, de fora para dentro."""
    opcoes = ["--format", "raw", "--nolineno", "--full-filenames", "--output", str(arquivo)]
    ritmo = ["--rate", str(AMOSTRAS_POR_S), "--duration", str(segundos)]
    _py_spy("record", processo, *opcoes, *ritmo)
    pilhas: Counter[Pilha] = Counter()
    for linha in arquivo.read_text(encoding="utf-8").splitlines():
        quadros = _QUADRO.finditer(linha)
        pilha = tuple(Funcao(q["nome"], arquivo_curto(q["arquivo"])) for q in quadros)
        pilhas[pilha] += int(linha.rpartition(" ")[2])
    return pilhas


def _tabela(perfil: Perfil, titulo: str) -> Table:
    tabela = Table("camada", title=titulo)
    tabela.add_column("da CPU", justify="right")
    tabela.add_column("ms/checkout", justify="right")
    for camada, cpu_ms in perfil.cpu_por_camada.items():
        parte = por_cento(cpu_ms / perfil.cpu_ms, 1)
        tabela.add_row(camada, parte, numero(cpu_ms / perfil.checkouts, 3))
    tabela.add_section()
    tabela.add_row("total", por_cento(1, 1), numero(perfil.cpu_ms / perfil.checkouts, 3))
    return tabela
