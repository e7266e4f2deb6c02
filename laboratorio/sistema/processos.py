"""O sistema inteiro em processos de verdade, para quem o usa, derruba e traz de volta."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import requests
from honcho.environ import parse_procfile

from ecommerce.ambiente import TABELA
from ecommerce.partida.prontidao import atende_grpc, atende_rest
from ecommerce.servicos import SERVICOS
from laboratorio.sistema.proxy import Proxy

RAIZ = Path(__file__).resolve().parents[2]
CHAVES = {
    "SECRET_KEY": "secreta",
    "CHAVE_LOJA": "da-loja",
    "CHAVE_INTERNA": "interna",
    "ADMIN_SENHA": "s3nha-de-teste",
}
ESPERA_POR_RESPOSTA_S = 30
# além disto um pedido inacabado viola I6: é o que se promete depois que um serviço volta
TERMINA_EM_S = 15
T = TypeVar("T")


def ambiente_de_fora() -> dict[str, str]:
    """O ambiente de quem roda, sem nada do que configura este projeto nem proxies."""
    nossas = {variavel.de(servico).nome for variavel in TABELA for servico in SERVICOS} | {
        *("DJANGO_SETTINGS_MODULE", "PYTHON_DOTENV_DISABLED", "VIRTUAL_ENV", "PORT")
    }
    return {
        nome: valor
        for nome, valor in os.environ.items()
        if nome not in nossas and not nome.lower().endswith("_proxy")
    }


def ambiente_de_teste(pasta: Path, **variaveis: str) -> dict[str, str]:
    """O ambiente de um sistema à parte, que guarda tudo em `pasta` e ignora o .env."""
    fora = ambiente_de_fora()
    fora["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{fora['PATH']}"
    return fora | CHAVES | {"DADOS_DIR": str(pasta), "PYTHON_DOTENV_DISABLED": "1"} | variaveis


def porta_base_livre() -> int:
    """Uma base cujas portas ninguém usa, abaixo das que o Linux dá a quem conecta."""
    while True:
        base = random.randrange(10_000, 32_000, 20)  # noqa: S311 - não é segredo
        if all(porta_livre(base + posicao) for posicao in range(2 * len(SERVICOS))):
            return base


def porta_livre(porta: int) -> bool:
    with socket.socket() as tomada:
        tomada.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tomada.bind(("127.0.0.1", porta))
        except OSError:
            return False
        return True


def esperar(condicao: Callable[[], T | None], segundos: float, o_que: str) -> T:
    """O primeiro valor verdadeiro de `condicao`; levanta TimeoutError se não vem no tempo dado."""
    limite = time.monotonic() + segundos
    while not (valor := condicao()):
        if time.monotonic() > limite:
            raise TimeoutError(f"esperei {segundos} s e nada: {o_que}")
        time.sleep(0.05)
    return valor


def preparar_bancos(ambiente: dict[str, str]) -> None:
    """Migra e semeia os bancos dos seis serviços ao mesmo tempo, como faz o ./iniciar.sh."""
    _todos_de_uma_vez(ambiente, [("preparar", s.settings) for s in SERVICOS.values()])


def migrar_bancos(ambiente: dict[str, str]) -> None:
    """Cria os bancos dos seis serviços, sem dados."""
    _todos_de_uma_vez(
        ambiente,
        [
            ("migrate", servico.settings, "-v0", f"--database={alias}")
            for servico in SERVICOS.values()
            for alias in servico.bancos
        ],
    )


def _todos_de_uma_vez(ambiente: dict[str, str], comandos: list[tuple[str, ...]]) -> None:
    """Roda cada (comando do manage.py, settings, opções...) ao mesmo tempo que os outros."""
    processos = [
        subprocess.Popen(  # noqa: S603 - o comando é do projeto
            [sys.executable, "manage.py", comando, f"--settings={settings}", *opcoes],
            cwd=RAIZ,
            env=ambiente,
        )
        for comando, settings, *opcoes in comandos
    ]
    if any([processo.wait() for processo in processos]):
        raise RuntimeError("um comando do manage.py falhou; a saída diz em que serviço.")


def processo_de(servico: str, transporte: str) -> str:
    """O nome, no Procfile, do processo do serviço que atende por este transporte."""
    return f"{servico}-grpc" if transporte == "grpc" else servico


def _linhas_sem_supervisor() -> dict[str, str]:
    """As linhas do Procfile; aqui quem cai só volta quando mandam."""
    linhas = parse_procfile((RAIZ / "Procfile").read_text(encoding="utf-8")).processes
    supervisor = "python -m ecommerce.partida.supervisor "
    return {nome: comando.replace(supervisor, "") for nome, comando in linhas.items()}


@dataclass
class Sistema:
    """Os processos do Procfile com bancos, portas e logs próprios; `pasta` é o DADOS_DIR."""

    pasta: Path
    variaveis: dict[str, str] = field(default_factory=dict)
    porta_base: int = field(default_factory=porta_base_livre)
    processos: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def ambiente(self) -> dict[str, str]:
        portas = {
            "PORTA_REST_BASE": str(self.porta_base),
            "PORTA_GRPC_BASE": str(self.porta_base + len(SERVICOS)),
        }
        return ambiente_de_teste(self.pasta, **portas, **self.variaveis)

    def iniciar(self, *nomes: str) -> None:
        """Começa as linhas dadas do Procfile, ou todas, e espera que os serviços atendam."""
        linhas = _linhas_sem_supervisor()
        for nome in nomes or linhas:
            with (self.pasta / f"{nome}.log").open("ab") as log:
                self.processos[nome] = subprocess.Popen(  # noqa: S602 - a linha é do Procfile
                    linhas[nome],
                    shell=True,
                    cwd=RAIZ,
                    env=self.ambiente,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
        for nome in nomes or linhas:
            esperar(partial(self._pronto, nome), 30, f"{nome} pronto ({self.pasta})")

    def parar(self, nome: str) -> int:
        """SIGTERM, a espera pelo que está em curso, e o código de saída."""
        self.processos[nome].terminate()
        return self.processos[nome].wait(timeout=30)

    def matar(self, nome: str) -> None:
        """`kill -9` do processo e dos filhos dele."""
        self._sinalizar(nome, signal.SIGKILL)
        self.processos[nome].wait()

    def congelar(self, nome: str) -> None:
        """SIGSTOP: o processo segue de pé e com as conexões abertas, e não responde."""
        self._sinalizar(nome, signal.SIGSTOP)

    def descongelar(self, nome: str) -> None:
        """SIGCONT: continua de onde `congelar` o deixou."""
        self._sinalizar(nome, signal.SIGCONT)

    def _sinalizar(self, nome: str, sinal: signal.Signals) -> None:
        os.killpg(self.processos[nome].pid, sinal)

    def encerrar(self) -> None:
        for nome, processo in self.processos.items():
            if processo.poll() is None:
                self.matar(nome)

    def interpor(self, servico: str, transporte: str) -> Proxy:
        """Um proxy por onde os outros processos passam a chamar o serviço; antes de `iniciar`."""
        if transporte == "grpc":
            endereco, variavel = self.alvo(servico), "GRPC_ALVO"
        else:
            endereco, variavel = self.url(servico), "REST_URL"
        onde, _, porta = endereco.rpartition(":")
        proxy = Proxy(("127.0.0.1", int(porta)))
        self.variaveis[f"{servico.upper()}_{variavel}"] = f"{onde}:{proxy.porta}"
        return proxy

    def auditar(self) -> dict[str, Any]:
        """O laudo de `manage.py auditar --json`. Levanta RuntimeError se ele não termina."""
        comando = ["manage.py", "auditar", "--json", f"--limite={TERMINA_EM_S}"]
        fim = subprocess.run(  # noqa: S603 - o comando é do projeto
            [sys.executable, *comando, "--settings=ecommerce.settings.pedidos"],
            cwd=RAIZ,
            env=self.ambiente,
            capture_output=True,
            text=True,
            check=False,
        )
        if not fim.stdout:
            raise RuntimeError(f"a auditoria saiu com código {fim.returncode}: {fim.stderr}")
        laudo: dict[str, Any] = json.loads(fim.stdout)
        return laudo

    def executar_sql(self, servico: str, comando: str) -> list[Any]:
        """Mexe por fora no banco do serviço, como nenhum código nosso faria; devolve as linhas."""
        with closing(sqlite3.connect(self.pasta / f"{servico}.db")) as banco, banco:
            return banco.execute(comando).fetchall()

    def url(self, servico: str) -> str:
        return f"http://127.0.0.1:{self.porta_base + SERVICOS[servico].posicao}"

    def alvo(self, servico: str) -> str:
        """Endereço e porta do serviço por gRPC."""
        return f"127.0.0.1:{self.porta_base + len(SERVICOS) + SERVICOS[servico].posicao}"

    def pedir(
        self, metodo: str, servico: str, caminho: str, *, chave: str = "da-loja", **opcoes: Any
    ) -> requests.Response:
        """Uma chamada HTTP; `chave` é `da-loja` ou `interna`, ou outra que deva ser recusada."""
        opcoes.setdefault("timeout", ESPERA_POR_RESPOSTA_S)
        cabecalhos = {"Authorization": f"Bearer {chave}"} | opcoes.pop("headers", {})
        with requests.Session() as http:
            http.trust_env = False
            return http.request(metodo, self.url(servico) + caminho, headers=cabecalhos, **opcoes)

    def ler(self, servico: str, caminho: str, **filtros: int | str) -> Any:
        """O JSON de um GET com a chave interna."""
        resposta = self.pedir("GET", servico, caminho, chave="interna", params=filtros)
        if resposta.status_code != 200:
            raise RuntimeError(f"GET {caminho}: {resposta.status_code} {resposta.text}")
        return resposta.json()

    def listar(self, servico: str, caminho: str) -> Iterator[dict[str, Any]]:
        """As linhas de todas as páginas de uma lista, lidas à medida que se pedem."""
        while caminho:
            pagina = self.ler(servico, caminho)
            yield from pagina["results"]
            caminho = (pagina["next"] or "").removeprefix(self.url(servico))

    def atende(self, nome: str) -> bool:
        """Se a linha do Procfile com esse nome já atende; o `retomar` não atende ninguém."""
        servico = SERVICOS.get(nome.removesuffix("-grpc"))
        if servico is None:
            return True
        if nome.endswith("-grpc"):
            return atende_grpc(self.alvo(servico.nome), servico.contrato)
        return atende_rest("127.0.0.1", self.porta_base + servico.posicao)

    def _pronto(self, nome: str) -> bool:
        codigo = self.processos[nome].poll()
        if codigo is not None:
            raise RuntimeError(f"{nome} saiu com código {codigo}; veja {self.pasta}/{nome}.log")
        return self.atende(nome)
