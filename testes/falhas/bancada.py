"""A bancada das falhas: um sistema com um proxy diante de cada serviço, e quem compra nele."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from ecommerce.quedas import marca
from ecommerce.servicos import SERVICOS
from laboratorio.sistema.processos import Sistema, processo_de
from laboratorio.sistema.proxy import Defeito, Proxy
from testes.apoio.clientela import Compra
from testes.apoio.compras import abastecer
from testes.apoio.portas import Porta, portas_em

PRAZO_S = 2.5
FOLGA_S = 1.5  # o que a máquina ocupada soma a uma resposta


@dataclass
class Bancada:
    """O sistema em que se experimenta, com um proxy diante de cada serviço em cada transporte."""

    sistema: Sistema
    proxies: dict[str, Proxy]
    portas: dict[str, Porta]

    def arrumar(self) -> None:
        """Põe de pé o que caiu, conserta os proxies, apaga as marcas e enche o estoque."""
        for arquivo in self.sistema.pasta.glob("queda-*"):
            arquivo.unlink()
        for proxy in self.proxies.values():
            proxy.defeito = Defeito()
        caidos = [n for n, p in self.sistema.processos.items() if p.poll() is not None]
        if caidos:
            self.sistema.iniciar(*caidos)
        abastecer(self.sistema, 1)

    @contextmanager
    def queda(self, servico: str, transporte: str, ponto: str) -> Iterator[None]:
        """O serviço morre no ponto dado por causa do que se faz no bloco, e depois volta."""
        nome = processo_de(servico, transporte)
        marca(self.sistema.pasta, servico, transporte, ponto).touch()
        yield
        codigo = self.sistema.processos[nome].wait(timeout=10)
        assert codigo == -signal.SIGKILL
        self.sistema.iniciar(nome)


# uma falha: o que se faz ao sistema, e as compras de enquanto isso
Cenario = Callable[[Bancada, Porta], list[Compra]]


@contextmanager
def montada(sistema: Sistema) -> Iterator[Bancada]:
    """A bancada com o sistema no ar; quem compra também passa por um proxy."""
    sistema.variaveis["PRAZO_CHECKOUT_MS"] = str(int(PRAZO_S * 1000))
    sistema.variaveis["QUEDAS_ARMADAS"] = "1"
    with ExitStack() as pilha:
        pilha.callback(sistema.encerrar)
        proxies = {
            processo_de(servico, transporte): pilha.enter_context(
                sistema.interpor(servico, transporte)
            )
            for servico in SERVICOS
            for transporte in ("rest", "grpc")
        }
        sistema.iniciar()
        url, alvo = (sistema.variaveis[f"PEDIDOS_{qual}"] for qual in ("REST_URL", "GRPC_ALVO"))
        rest_e_grpc = pilha.enter_context(portas_em(url, alvo))
        yield Bancada(sistema, proxies, {porta.nome: porta for porta in rest_e_grpc})


def no_prazo(compras: list[Compra], prazo_s: float = PRAZO_S) -> list[Compra]:
    """As compras, se todas tiveram resposta dentro do prazo; o de costume é o do checkout."""
    demora_s = max(compra.demora_s for compra in compras)
    assert demora_s < prazo_s + FOLGA_S
    return compras
