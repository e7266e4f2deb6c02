"""A rede de mentira da simulação: leva as chamadas entre os serviços e, se o roteiro manda, falha.

Cada mensagem é um caso de uso de verdade chamado no mesmo processo. Intercala-se onde a vida real
deixaria outros passarem à frente: na ida, na volta e na espera por uma transação.
"""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import connection

from ecommerce.erros import Erro, Indisponivel, PrazoEsgotado

Resposta = TypeVar("Resposta")


class Queda(BaseException):
    """O processo morreu: como num `kill -9`, nada do que é dele reage."""


class Falha(enum.StrEnum):
    NADA = "nada"
    NAO_CHEGA = "não chega"
    RESPOSTA_PERDIDA = "resposta perdida"
    ATRASADA = "atrasada"
    REPETIDA = "repetida"
    QUEDA_ANTES_DO_COMMIT = "antes_do_commit"
    QUEDA_DEPOIS_DO_COMMIT = "depois_do_commit"
    QUEDA_DEPOIS_DA_OPERADORA = "depois_da_operadora"
    QUEDA_ANTES_DA_RESPOSTA = "antes_da_resposta"
    OUTRO_NA_IDA = "outro na ida"
    OUTRO_NA_VOLTA = "outro na volta"
    OUTRO_ANTES_DA_TRANSACAO = "outro antes da transação"


@dataclass(frozen=True)
class Evento:
    """O que acontece numa chamada.

    `vez` diz em qual transação dela, a partir de 0; `outro`, o que se intercala ali.
    """

    falha: Falha
    vez: int = 0
    outro: Any = None


NADA = Evento(Falha.NADA)


@dataclass
class _Atendimento:
    """Uma chamada que um serviço está atendendo, na vida dele em que ela começou."""

    servico: str
    evento: Evento
    vida: int
    transacoes: int = 0


@dataclass
class Rede:
    """Leva mensagens; `intercalar` faz, no meio de uma chamada, o que o evento manda."""

    intercalar: Callable[[Any], None]
    roteiro: list[Evento] = field(default_factory=list)
    atrasadas: list[tuple[str, Callable[[], Any]]] = field(default_factory=list)
    contagem: Counter[str] = field(default_factory=Counter)
    _atendendo: list[_Atendimento] = field(default_factory=list)
    _vidas: Counter[str] = field(default_factory=Counter)

    def chamar(self, servico: str, atender: Callable[[], Resposta]) -> Resposta:
        """Leva uma mensagem a `servico`, com o próximo evento do roteiro.

        Levanta o que o caso de uso levanta, ou SemResposta; Queda se quem chamou morreu esperando.
        """
        assert not connection.in_atomic_block, "chamada de rede dentro de uma transação"
        evento = self.roteiro.pop(0) if self.roteiro else NADA
        try:
            return self._levar(servico, atender, evento)
        finally:
            self._exigir_vivo()

    def antes_da_transacao(self) -> float:
        """Toma o lugar da espera pela trava: é aqui que outra thread passaria na frente."""
        if self._atendendo:
            atual = self._atendendo[-1]
            atual.transacoes += 1
            if self._e_agora(Falha.OUTRO_ANTES_DA_TRANSACAO):
                self._intercalar(atual.evento)
                self._exigir_vivo()
        return 1.0

    def cair_se_marcado(self, ponto: str) -> None:
        """Toma o lugar das quedas com hora marcada (ecommerce/quedas.py)."""
        if self._atendendo and self._e_agora(Falha(ponto)):
            self._cair()

    def _levar(self, servico: str, atender: Callable[[], Resposta], evento: Evento) -> Resposta:
        if evento.falha == Falha.NAO_CHEGA:
            self.contagem[evento.falha] += 1
            raise Indisponivel("A mensagem não chegou.")
        if evento.falha == Falha.ATRASADA:
            self.contagem[evento.falha] += 1
            self.atrasadas.append((servico, atender))
            raise PrazoEsgotado("A mensagem demora.")
        if evento.falha == Falha.OUTRO_NA_IDA:
            self._intercalar(evento)
        if evento.falha == Falha.REPETIDA:
            self.contagem[evento.falha] += 1
            with suppress(Erro):
                self._atender(servico, atender, NADA)
        resposta, erro = None, None
        try:
            resposta = self._atender(servico, atender, evento)
        except Erro as recebido:
            erro = recebido
        return self._trazer(resposta, erro, evento)

    def _trazer(self, resposta: Any, erro: Erro | None, evento: Evento) -> Any:
        if evento.falha == Falha.OUTRO_NA_VOLTA:
            self._intercalar(evento)
        if evento.falha == Falha.RESPOSTA_PERDIDA:
            self.contagem[evento.falha] += 1
            raise PrazoEsgotado("A resposta se perdeu.")
        if erro:
            raise erro
        return resposta

    def _atender(self, servico: str, atender: Callable[[], Resposta], evento: Evento) -> Resposta:
        """O lado de quem é chamado; se ele morre, quem chamou só vê a conexão cair."""
        self._atendendo.append(_Atendimento(servico, evento, self._vidas[servico]))
        try:
            resposta = atender()
            if evento.falha == Falha.QUEDA_ANTES_DA_RESPOSTA:
                self._cair()
            return resposta
        except Queda:
            assert not connection.in_atomic_block, "a queda não desfez a transação"
            raise Indisponivel("A conexão caiu.") from None
        finally:
            self._atendendo.pop()

    def _e_agora(self, falha: Falha) -> bool:
        atual = self._atendendo[-1]
        # a operadora responde antes de tudo o mais: dela não se escolhe a vez
        na_vez = atual.transacoes == atual.evento.vez + 1
        return atual.evento.falha == falha and (na_vez or falha == Falha.QUEDA_DEPOIS_DA_OPERADORA)

    def _intercalar(self, evento: Evento) -> None:
        self.contagem[evento.falha] += 1
        self.intercalar(evento.outro)

    def _cair(self) -> None:
        """Mata o serviço que está atendendo; as outras chamadas dele morrem ao ter a vez."""
        atual = self._atendendo[-1]
        self.contagem[atual.evento.falha] += 1
        self._vidas[atual.servico] += 1
        raise Queda

    def _exigir_vivo(self) -> None:
        if self._atendendo:
            atual = self._atendendo[-1]
            if self._vidas[atual.servico] != atual.vida:
                raise Queda
