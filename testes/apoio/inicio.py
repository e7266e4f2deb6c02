"""Um ./iniciar.sh em execução, visto de fora: o que escreve, quem escuta, como acaba."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import psutil
import requests

from ecommerce.partida.prontidao import atende_grpc
from ecommerce.servicos import SERVICOS
from laboratorio.sistema.processos import RAIZ, ambiente_de_fora, esperar

PRAZO_CHECKOUT_S = 10
FOLGA_DA_PARADA_S = 5


def clonar(pasta: Path) -> Path:
    """Põe na pasta o que um `git clone` traz: os arquivos que o git segue, e nada mais."""
    seguidos = subprocess.check_output(["git", "ls-files", "-z"], cwd=RAIZ, text=True)
    for nome in filter(None, seguidos.split("\0")):
        if (RAIZ / nome).is_file():
            (pasta / nome).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(RAIZ / nome, pasta / nome)
    (pasta / "so-uv").mkdir()
    if (uv := Path(sys.executable).with_name("uv")).exists():
        (pasta / "so-uv" / "uv").symlink_to(uv)  # instala em segundos em vez de meio minuto
    return pasta


def abertos_aos_outros(pasta: Path) -> set[str]:
    """Os nomes do que outro usuário da máquina poderia abrir: a pasta, e o que há nela."""
    caminhos = [pasta, *pasta.rglob("*")]
    return {c.name for c in caminhos if stat.S_IMODE(c.lstat().st_mode) & 0o077}


class Iniciado:
    """Um ./iniciar.sh em execução, no seu próprio grupo de processos."""

    def __init__(self, clone: Path, *opcoes: str, porta_base: int, **variaveis: str) -> None:
        self.porta_base = porta_base
        self.levou_s = 0.0
        self._comeco = time.monotonic()
        self.log = clone / f"iniciar-{porta_base}.log"
        portas = {
            "PORTA_REST_BASE": str(porta_base),
            "PORTA_GRPC_BASE": str(porta_base + len(SERVICOS)),
        }
        self.ambiente = ambiente_de_fora() | portas | variaveis
        self.ambiente["PATH"] = f"{clone}/so-uv{os.pathsep}{_path_sem_venv()}"
        with self.log.open("wb") as log:
            self.processo = subprocess.Popen(
                ["./iniciar.sh", *opcoes],
                cwd=clone,
                env=self.ambiente,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                umask=0o022,  # a de quase toda máquina
            )

    @property
    def saida(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def pedir(
        self, metodo: str, servico: str, caminho: str, *, chave: str = "", **opcoes: object
    ) -> requests.Response:
        with requests.Session() as http:
            http.trust_env = False
            if chave:
                http.headers["Authorization"] = f"Bearer {chave}"
            url = f"http://127.0.0.1:{self.porta_base + SERVICOS[servico].posicao}{caminho}"
            return http.request(metodo, url, timeout=30, **opcoes)  # type: ignore[arg-type]

    def _atende_grpc(self, servico: str) -> bool:
        porta = self.porta_base + len(SERVICOS) + SERVICOS[servico].posicao
        return atende_grpc(f"127.0.0.1:{porta}", SERVICOS[servico].contrato)

    def pronto(self, servico: str) -> bool:
        assert self.processo.poll() is None, self.saida
        try:
            return self.pedir("GET", servico, "/prontidao").ok and self._atende_grpc(servico)
        except requests.ConnectionError:
            return False

    def esperar_prontos(self) -> None:
        """Espera os seis e guarda quanto tempo levaram desde o começo."""
        for servico in SERVICOS:
            esperar(partial(self.pronto, servico), 60, f"{servico} pronto")
        self.levou_s = time.monotonic() - self._comeco

    def esperar_demonstracao(self, segundos: float) -> None:
        """Espera que o `--demo` termine, bem ou mal."""
        esperar(
            lambda: "/admin/logistica/" in self.saida or self.processo.poll() is not None,
            segundos,
            "o fim da demonstração",
        )

    def descendentes(self) -> list[psutil.Process]:
        return psutil.Process(self.processo.pid).children(recursive=True)

    def encerrar(self) -> None:
        """Para o sistema e mata o que não parou; a parada em si tem o seu próprio teste."""
        if self.processo.poll() is None:
            descendentes = self.descendentes()
            self.processo.terminate()
            try:
                self.processo.wait(PRAZO_CHECKOUT_S + FOLGA_DA_PARADA_S)
            except subprocess.TimeoutExpired:
                self.processo.kill()
            for processo in filter(psutil.Process.is_running, descendentes):
                processo.kill()


def _path_sem_venv() -> str:
    """O PATH de uma máquina em que nenhum ambiente virtual está ativo."""
    venv = str(Path(sys.executable).parent)
    return os.pathsep.join(p for p in os.environ["PATH"].split(os.pathsep) if p != venv)


def ouvinte(inicio: Iniciado, servico: str) -> psutil.Process | None:
    """Um processo que escuta na porta do serviço: o gunicorn mestre ou um worker dele."""
    porta = inicio.porta_base + SERVICOS[servico].posicao
    for conexao in psutil.net_connections("tcp"):
        if conexao.status == psutil.CONN_LISTEN and conexao.laddr.port == porta and conexao.pid:
            return psutil.Process(conexao.pid)
    return None


def gunicorn_mestre(inicio: Iniciado, servico: str) -> psutil.Process:
    """O processo principal do serviço, filho do supervisor da linha dele."""
    quem = ouvinte(inicio, servico)
    assert quem, f"ninguém escuta por {servico}"
    pai = quem.parent()
    assert pai
    return quem if "ecommerce.partida.supervisor" in pai.cmdline() else pai
