"""A receita inteira em processos de verdade, com a forma de `laboratorio.sistema.Sistema`."""

from __future__ import annotations

import socket
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from laboratorio.receita.banco import abrir, semear
from laboratorio.receita.enderecos import ENDERECO, SERVICOS, porta_grpc, porta_rest
from laboratorio.sistema.processos import RAIZ, ambiente_de_fora, esperar, porta_base_livre


@dataclass
class Receita:
    """Os cinco serviços, cada um por REST e por gRPC, com bancos e logs em `pasta`."""

    pasta: Path
    porta_base: int = field(default_factory=porta_base_livre)
    processos: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def iniciar(self) -> None:
        """Semeia os produtos, começa os dez processos e espera que escutem."""
        for servico in ("pedidos", "estoque"):
            with closing(abrir(servico, str(self.pasta))) as conn:
                semear(conn)
        for servico in SERVICOS:
            self._comecar(servico, "rest", servico)
            self._comecar(f"{servico}-grpc", "rpc", servico)
        for nome in self.processos:
            esperar(partial(self._pronto, nome), 30, f"{nome} da receita ({self.pasta})")

    def encerrar(self) -> None:
        for processo in self.processos.values():
            processo.kill()
            processo.wait()

    def abastecer(self) -> None:
        """Peças que não acabam no meio de uma medição."""
        with closing(abrir("estoque", str(self.pasta))) as conn:
            conn.execute("UPDATE produtos SET quantidade_estoque = 1000000000")
            conn.commit()

    def url(self, servico: str) -> str:
        return f"http://{ENDERECO}:{porta_rest(servico, self.porta_base)}"

    def alvo(self, servico: str) -> str:
        """Endereço e porta do serviço por gRPC."""
        return f"{ENDERECO}:{porta_grpc(servico, self.porta_base)}"

    def _comecar(self, nome: str, modulo: str, servico: str) -> None:
        # o requests e o gRPC mandariam o loopback a um proxy que o ambiente nomeasse
        fora = {n: v for n, v in ambiente_de_fora().items() if not n.lower().endswith("_proxy")}
        nosso = {"PORTA_BASE": str(self.porta_base), "PYTHONPATH": str(RAIZ)}
        with (self.pasta / f"{nome}.log").open("ab") as log:
            self.processos[nome] = subprocess.Popen(  # noqa: S603 - o comando é do projeto
                [sys.executable, "-m", f"laboratorio.receita.{modulo}", servico],
                cwd=self.pasta,
                env=fora | nosso,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _pronto(self, nome: str) -> bool:
        if self.processos[nome].poll() is not None:
            raise RuntimeError(f"{nome} saiu; veja {self.pasta}/{nome}.log")
        servico = nome.removesuffix("-grpc")
        porta = porta_grpc if nome.endswith("-grpc") else porta_rest
        with socket.socket() as tomada:
            return tomada.connect_ex((ENDERECO, porta(servico, self.porta_base))) == 0
