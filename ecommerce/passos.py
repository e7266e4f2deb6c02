"""O que os passos da saga têm em comum: gravar uma vez só, passar adiante, reagir à volta."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.db import IntegrityError, models

from ecommerce.banco.transacao import transacao
from ecommerce.erros import Conflito, Recusado, SemResposta
from ecommerce.mensagens import Andamento, Ordem

Linha = TypeVar("Linha", bound=models.Model)


def exigir_mesma_ordem(impressao: str | None, ordem: Ordem) -> None:
    """Levanta Conflito se o pedido já passou por aqui com outro conteúdo; lápides não têm um."""
    if impressao not in (None, ordem.impressao):
        raise Conflito("O pedido já passou por aqui com outro conteúdo.", pedido_id=ordem.pedido_id)


def gravar_uma_vez(linha: Linha, gravar: Callable[[], None]) -> Linha:
    """Roda `gravar` numa transação; se outra chamada gravou o mesmo pedido antes, vale a dela."""
    try:
        with transacao():
            gravar()
        return linha
    except IntegrityError:
        return type(linha)._default_manager.get(pk=linha.pk)


def passar_adiante(
    proximo: Callable[[Ordem], Andamento],
    ordem: Ordem,
    *,
    alcancado: str,
    compensar: Callable[[int, str], object],
) -> Andamento:
    """Chama o próximo passo depois que o deste serviço já foi gravado.

    Recusado: `compensar(pedido_id, codigo)` desfaz o passo deste serviço antes que a recusa suba.
    SemResposta: nada se desfaz; a exceção sobe dizendo o status que o pedido já `alcancado`.
    """
    try:
        return proximo(ordem)
    except Recusado as recusa:
        compensar(ordem.pedido_id, recusa.codigo)
        raise
    except SemResposta as falta:
        falta.alcancado = falta.alcancado or alcancado
        raise
