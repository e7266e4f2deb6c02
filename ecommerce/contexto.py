"""O que se sabe da chamada em curso, em qualquer transporte: rastro, início e prazo."""

from __future__ import annotations

import random
import re
import time
from contextvars import ContextVar
from dataclasses import dataclass

from ecommerce.erros import PrazoEsgotado

_TRACEPARENT = re.compile(r"^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$")
# o que cada salto guarda para si, para responder antes que quem chamou desista
MARGEM_POR_SALTO_S = 0.1


@dataclass(frozen=True)
class Rastro:
    """Identidade W3C Trace Context da chamada (https://www.w3.org/TR/trace-context/)."""

    trace_id: str
    span_id: str

    @classmethod
    def de_cabecalho(cls, traceparent: str | None) -> Rastro:
        """Continua o rastro recebido; começa outro se falta ou não é válido."""
        achado = _TRACEPARENT.match(traceparent or "")
        valido = achado and not traceparent.startswith("ff") and int(achado[1], 16)  # type: ignore[union-attr]
        return cls(achado[1] if achado and valido else _hexadecimal(16), _hexadecimal(8))

    @property
    def cabecalho(self) -> str:
        return f"00-{self.trace_id}-{self.span_id}-01"


def _hexadecimal(octetos: int) -> str:
    # não é segredo; pedidos ao sistema, os dois custariam 20 us numa chamada fria
    return random.randbytes(octetos).hex()  # noqa: S311


@dataclass(frozen=True)
class Prazo:
    """Instante do relógio monotônico (s) em que o tempo desta chamada acaba."""

    limite: float

    @property
    def restante_s(self) -> float:
        return self.limite - time.monotonic()

    def para_o_proximo_s(self) -> float:
        """Segundos que cabem a quem for chamado agora.

        Levanta PrazoEsgotado se não sobra nada: um passo sem prazo não começa.
        """
        resto = self.restante_s - MARGEM_POR_SALTO_S
        if resto <= 0:
            raise PrazoEsgotado("O prazo do checkout acabou antes de chamar o próximo serviço.")
        return resto


@dataclass
class Chamada:
    """Uma chamada em curso. `inicio` é do relógio monotônico; `transporte` é `rest` ou `grpc`."""

    transporte: str
    rastro: Rastro
    prazo: Prazo
    inicio: float
    pedido_id: int | None = None

    @property
    def duracao_ms(self) -> float:
        return round((time.monotonic() - self.inicio) * 1000, 2)


_atual: ContextVar[Chamada | None] = ContextVar("chamada", default=None)
# segundos que a chamada desta thread esperou por ela; o prazo de quem chama já corria
na_fila_s: ContextVar[float] = ContextVar("na_fila_s", default=0.0)


def chamada_atual() -> Chamada:
    """A chamada em curso neste contexto. Levanta RuntimeError fora de uma."""
    chamada = _atual.get()
    if chamada is None:
        raise RuntimeError("Nenhuma chamada em curso: use ecommerce.contexto.iniciar().")
    return chamada


def iniciar(transporte: str, *, prazo_ms: int, traceparent: str | None = None) -> Chamada:
    """Abre a chamada deste contexto, que vale até a próxima."""
    inicio = time.monotonic() - na_fila_s.get()
    prazo = Prazo(inicio + prazo_ms / 1000)
    chamada = Chamada(transporte, Rastro.de_cabecalho(traceparent), prazo, inicio)
    _atual.set(chamada)
    return chamada
