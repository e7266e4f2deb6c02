"""Os cenários de falha, numa tabela: o que se faz a um serviço sob carga, e como ele volta."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from laboratorio.carga.medicao import abastecer
from laboratorio.sistema.processos import Sistema, processo_de
from laboratorio.sistema.proxy import Defeito, Proxy

# do checkout: menor que a falha, para que se veja o que se ouve quando ele acaba
PRAZO_MS = 3000


@dataclass
class SobCarga:
    """O sistema de um cenário, o processo que falha e, se é preciso, o proxy diante dele.

    `eventos` são pares (s, de `time.monotonic()`; o que houve).
    """

    sistema: Sistema
    processo: str
    proxy: Proxy | None = None
    eventos: list[tuple[float, str]] = field(default_factory=list)

    def acontecer(self, fato: Fato) -> None:
        """Faz acontecer, e anota a hora em que ficou feito."""
        nome, fazer = fato
        fazer(self)
        self.eventos.append((time.monotonic(), nome))


Fato = tuple[str, Callable[[SobCarga], None]]


@dataclass(frozen=True)
class Cenario:
    """O que se faz ao processo que atende por `servico` no transporte medido, e como ele volta."""

    falha: str
    descricao: str
    servico: str
    comeco: Fato
    volta: Fato
    pelo_proxy: bool = False


def matar(alvo: SobCarga) -> None:
    alvo.sistema.matar(alvo.processo)


def religar(alvo: SobCarga) -> None:
    alvo.sistema.iniciar(alvo.processo)


def congelar(alvo: SobCarga) -> None:
    alvo.sistema.congelar(alvo.processo)


def descongelar(alvo: SobCarga) -> None:
    alvo.sistema.descongelar(alvo.processo)


def estragar(defeito: Defeito) -> Callable[[SobCarga], None]:
    def trocar(alvo: SobCarga) -> None:
        if alvo.proxy is None:
            raise ValueError("este cenário precisa de pelo_proxy=True")
        alvo.proxy.defeito = defeito

    return trocar


CENARIOS = (
    Cenario(
        "estoque morto",
        "kill -9 de um serviço do meio da cadeia, que depois é iniciado de novo.",
        "estoque",
        ("kill -9 estoque", matar),
        ("estoque de volta", religar),
    ),
    Cenario(
        "pagamentos lento",
        "Tudo o que se manda a pagamentos chega 0,4 s mais tarde, ainda dentro do prazo.",
        "pagamentos",
        ("pagamentos 0,4 s mais lento", estragar(Defeito(atraso_s=0.4))),
        ("pagamentos no ritmo de sempre", estragar(Defeito())),
        pelo_proxy=True,
    ),
    Cenario(
        "fiscal cortado",
        "A rede até fiscal cai: as conexões são derrubadas e nenhuma nova se abre.",
        "fiscal",
        ("fiscal cortado", estragar(Defeito(cortar=True))),
        ("fiscal ligado", estragar(Defeito())),
        pelo_proxy=True,
    ),
    Cenario(
        "logistica parada",
        "SIGSTOP: o serviço aceita conexões mas não responde, e quem chama espera até o prazo.",
        "logistica",
        ("SIGSTOP logistica", congelar),
        ("SIGCONT logistica", descongelar),
    ),
    Cenario(
        "pedidos morto",
        "kill -9 da porta de entrada: ninguém responde a quem compra até que ela volte.",
        "pedidos",
        ("kill -9 pedidos", matar),
        ("pedidos de volta", religar),
    ),
)


@contextmanager
def montada(pasta: Path, cenario: Cenario, transporte: str) -> Iterator[SobCarga]:
    """O sistema do cenário no ar, abastecido, com os bancos já preparados em `pasta`."""
    sistema = Sistema(pasta, {"PRAZO_CHECKOUT_MS": str(PRAZO_MS)})
    alvo = SobCarga(sistema, processo_de(cenario.servico, transporte))
    with ExitStack() as pilha:
        if cenario.pelo_proxy:
            alvo.proxy = pilha.enter_context(sistema.interpor(cenario.servico, transporte))
        pilha.callback(sistema.encerrar)
        sistema.iniciar()
        abastecer(sistema)
        yield alvo
