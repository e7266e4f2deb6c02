"""Onde um serviço gasta o tempo de CPU: um gráfico de chamas e uma tabela por camada.

Põe o sistema no ar numa pasta só sua, faz checkouts e amostra o processo do serviço com o py-spy.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import grpc
import psutil
import requests
from rich.console import Console
from rich.table import Table

from ecommerce.contratos.pedido_pb2 import CriarPedidoRequest, ItemNovo
from ecommerce.contratos.pedido_pb2_grpc import PedidoStub
from ecommerce.servicos import SERVICOS
from laboratorio.camadas import repartir
from laboratorio.encomendas import encomendas
from laboratorio.medicao import abastecer
from laboratorio.sistema import CHAVES, Sistema, preparar_bancos

CLIENTES = 8
AQUECIMENTO_S = 2
# parar o processo a cada amostra acordaria as threads ociosas, que então contariam como ativas
SEM_PARAR = ("--nonblocking", "--rate", "200")
NUCLEO_DO_GRPC = "núcleo do gRPC (C++)"
_TITULO = re.compile(r'(?<=<text id="title")([^>]*>)[^<]*')


@dataclass(frozen=True)
class Perfil:
    """Amostras por camada e CPU (ms) do processo; a do núcleo do gRPC não tem quadros Python."""

    amostras: Counter[str]
    cpu_ms: float
    cpu_nativa_ms: float
    checkouts: int

    @property
    def cpu_por_camada(self) -> dict[str, float]:
        """CPU (ms) de cada camada, da maior para a menor; a soma é a do processo."""
        total = self.amostras.total()
        em_python = self.cpu_ms - self.cpu_nativa_ms
        partes = {camada: em_python * n / total for camada, n in self.amostras.items() if n}
        if self.cpu_nativa_ms:
            partes[NUCLEO_DO_GRPC] = self.cpu_nativa_ms
        return dict(sorted(partes.items(), key=lambda parte: -parte[1]))


def argumentos(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--servico", choices=list(SERVICOS), required=True)
    parser.add_argument("--transporte", choices=["rest", "grpc"], required=True)
    parser.add_argument("--segundos", type=int, default=15, help="duração da amostragem (15)")
    parser.add_argument(
        "--saida", type=Path, default=Path("perfil.svg"), help="o gráfico (perfil.svg)"
    )


def executar(args: argparse.Namespace) -> int:
    console = Console(width=None if sys.stdout.isatty() else 100)
    with tempfile.TemporaryDirectory(prefix="perfil-") as pasta, console.status("") as aviso:
        aviso.update("pondo o sistema no ar...")
        with _no_ar(Path(pasta)) as sistema:
            aviso.update(f"amostrando {args.servico} por {args.segundos} s...")
            try:
                perfil = perfilar(sistema, args.servico, args.transporte, args.segundos, args.saida)
            except RuntimeError as erro:
                console.print(str(erro), style="red")
                return 1
    console.print(_tabela(perfil, f"{args.servico}, {args.transporte}"))
    console.print(f"{perfil.checkouts} checkouts; gráfico de chamas em {args.saida}")
    return 0


def perfilar(sistema: Sistema, servico: str, transporte: str, segundos: int, saida: Path) -> Perfil:
    """Carrega o sistema e amostra o serviço; escreve em `saida` o gráfico de chamas (SVG).

    RuntimeError se o py-spy não pôde examinar o processo ou se nenhum checkout se concluiu.
    """
    processo = _operario(sistema, servico, transporte)
    with _comprando(sistema, transporte) as concluidos:
        time.sleep(AQUECIMENTO_S)
        em_python = _threads_python(processo.pid)
        antes, cpu_antes = concluidos(), _cpu_ms(processo)
        _py_spy("record", processo.pid, "-F", *SEM_PARAR, "-d", str(segundos), "-o", str(saida))
        checkouts, cpu_depois = concluidos() - antes, _cpu_ms(processo)
    if not checkouts:
        raise RuntimeError("nenhum checkout se concluiu durante a amostragem")
    gasto = {tid: cpu - cpu_antes.get(tid, 0.0) for tid, cpu in cpu_depois.items()}
    amostras, grafico = repartir(saida.read_text(encoding="utf-8"))
    titulo = f"{servico} por {transporte}: CPU por função, uma cor por camada"
    saida.write_text(_TITULO.sub(rf"\g<1>{titulo}", grafico, count=1), encoding="utf-8")
    nativa = sum(ms for tid, ms in gasto.items() if tid not in em_python)
    return Perfil(amostras, sum(gasto.values()), nativa, checkouts)


@contextmanager
def _no_ar(pasta: Path) -> Iterator[Sistema]:
    sistema = Sistema(pasta)
    preparar_bancos(sistema.ambiente)
    try:
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
    """CPU (ms) de cada thread do processo até agora."""
    return {t.id: (t.user_time + t.system_time) * 1000 for t in processo.threads()}


def _threads_python(pid: int) -> set[int]:
    """As threads que o Python conhece; as outras são do núcleo do gRPC."""
    return {t["os_thread_id"] for t in json.loads(_py_spy("dump", pid, "--json"))}


def _py_spy(comando: str, pid: int, *opcoes: str) -> str:
    saida = subprocess.run(  # noqa: S603 - o comando é nosso
        [Path(sys.executable).with_name("py-spy"), comando, "-p", str(pid), *opcoes],
        capture_output=True,
        text=True,
        check=False,
    )
    if saida.returncode:
        raise RuntimeError(
            f"O py-spy não pôde examinar o processo {pid}: {saida.stderr.strip()}\n"
            "Sem ser root, o Linux pode só deixar examinar os próprios filhos; até reiniciar, "
            "`sudo sysctl kernel.yama.ptrace_scope=0` deixa examinar os do mesmo usuário."
        )
    return saida.stdout


@contextmanager
def _comprando(sistema: Sistema, transporte: str) -> Iterator[Callable[[], int]]:
    """Clientes que compram sem parar enquanto dura o bloco; diz quantos checkouts acabaram."""
    parar = threading.Event()
    feitos = [0] * CLIENTES
    compradores = {"rest": _compras_por_rest, "grpc": _compras_por_grpc}

    def comprar_ate_parar(cliente: int) -> None:
        with compradores[transporte](sistema, semente=cliente) as comprar:
            while not parar.is_set():
                feitos[cliente] += comprar() == "enviado"

    with ThreadPoolExecutor(CLIENTES) as equipe:
        turnos = [equipe.submit(comprar_ate_parar, cliente) for cliente in range(CLIENTES)]
        try:
            yield lambda: sum(feitos)
        finally:
            parar.set()
        for turno in turnos:
            turno.result()


@contextmanager
def _compras_por_rest(sistema: Sistema, semente: int) -> Iterator[Callable[[], str | None]]:
    corpos = encomendas(semente)
    with requests.Session() as http:
        http.trust_env = False
        http.headers["Authorization"] = f"Bearer {CHAVES['CHAVE_LOJA']}"
        url = f"{sistema.url('pedidos')}/pedidos"
        yield lambda: http.post(url, json=next(corpos), timeout=30).json().get("status")


@contextmanager
def _compras_por_grpc(sistema: Sistema, semente: int) -> Iterator[Callable[[], str | None]]:
    corpos = encomendas(semente)
    chave = (("authorization", f"Bearer {CHAVES['CHAVE_LOJA']}"),)

    def comprar() -> str:
        corpo = next(corpos)
        pedido = CriarPedidoRequest(
            **corpo | {"itens": [ItemNovo(**item) for item in corpo["itens"]]}
        )
        status: str = stub.CriarPedido(pedido, metadata=chave, timeout=30).status
        return status

    with grpc.insecure_channel(sistema.alvo("pedidos")) as canal:
        stub = PedidoStub(canal)
        yield comprar


def _tabela(perfil: Perfil, titulo: str) -> Table:
    tabela = Table("camada", title=f"CPU de {titulo} (só a ativa)")
    for coluna in ("%", "amostras", "ms/checkout"):
        tabela.add_column(coluna, justify="right")
    for camada, cpu_ms in perfil.cpu_por_camada.items():
        tabela.add_row(
            camada,
            f"{100 * cpu_ms / perfil.cpu_ms:.1f}",
            str(perfil.amostras.get(camada, "")),
            f"{cpu_ms / perfil.checkouts:.3f}",
        )
    tabela.add_section()
    total_por_checkout = f"{perfil.cpu_ms / perfil.checkouts:.3f}"
    tabela.add_row("total", "100.0", str(perfil.amostras.total()), total_por_checkout)
    return tabela
