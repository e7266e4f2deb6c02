"""O que os passos da saga têm em comum: gravar uma vez só, passar adiante, desfazer."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, Protocol, TypeVar

from django.db import IntegrityError, models

from ecommerce.banco.transacao import transacao
from ecommerce.erros import Conflito, Recusado, SemResposta
from ecommerce.mensagens import Andamento, Ordem
from ecommerce.operacoes.registro import registrar
from ecommerce.servicos import PASSOS

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


def desfazer_ou_lapide(
    modelo: type[Linha],
    pedido_id: int,
    operacao: str,
    *,
    impressao: str | None,
    de: Collection[str],
    ao_desfazer: Callable[[Linha], None] | None = None,
    **mudancas: Any,
) -> Linha:
    """Desfaz o passo do pedido, se ele está num dos estados `de`; nunca visto, deixa a lápide.

    Com a `impressao` da ordem, a linha de outra com o mesmo número fica como está: desta ordem
    não há nada aqui, e é isso que se devolve, sem gravar.
    `mudancas` traz o `status` de quem foi desfeito. `ao_desfazer` roda na mesma transação, só se
    havia o que desfazer. Repetido, nada muda. Devolve a linha como ficou.
    """
    linhas = modelo._default_manager
    with transacao():
        linha, criada = linhas.get_or_create(pk=pedido_id, defaults=mudancas)
        if impressao and linha.impressao not in (None, impressao):  # type: ignore[attr-defined]
            return modelo(pk=pedido_id, **mudancas)
        desfez = not criada and linhas.filter(pk=pedido_id, status__in=de).update(**mudancas)
        if desfez and ao_desfazer:
            ao_desfazer(linha)
        if criada or desfez:
            registrar(operacao, pedido_id=pedido_id, resultado=mudancas["status"])
    return linhas.get(pk=pedido_id)


class Desfeito(Protocol):
    """A linha de um passo desfeito."""

    status: str


class Desfazer(Protocol):
    """O que desfaz o passo deste serviço."""

    def __call__(self, *, pedido_id: int, impressao: str | None, motivo: str) -> Desfeito: ...


def passar_adiante(
    proximo: Callable[[Ordem], Andamento],
    ordem: Ordem,
    *,
    servico: str,
    compensar: Desfazer,
) -> Andamento:
    """Chama o próximo passo depois que o de `servico`, que é este, já foi gravado.

    Recusado: `compensar` desfaz o passo deste serviço antes que a recusa suba, e ela diz como ele
    ficou.
    SemResposta: nada se desfaz; a exceção sobe dizendo o status que este passo prova.
    """
    try:
        return proximo(ordem)
    except Recusado as recusa:
        desfeito = compensar(
            pedido_id=ordem.pedido_id, impressao=ordem.impressao, motivo=recusa.codigo
        )
        recusa.situacao = desfeito.status
        raise
    except SemResposta as falta:
        falta.alcancado = falta.alcancado or PASSOS[servico].alcancado
        raise
