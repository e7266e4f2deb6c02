"""Como um caso de uso registra o efeito que acaba de gravar, e como se lê o que registrou."""

from __future__ import annotations

from django.db.models import QuerySet

from ecommerce.acesso import pedir_permissao
from ecommerce.banco.sql import inserir
from ecommerce.contexto import chamada_atual
from ecommerce.operacoes.models import Operacao


def registrar(operacao: str, *, pedido_id: int | None, resultado: str) -> None:
    """Grava a linha do efeito na transação em curso.

    `resultado` é o estado alcançado; a duração (ms) conta desde que a chamada chegou ao serviço.
    """
    chamada = chamada_atual()
    chamada.pedido_id = pedido_id or chamada.pedido_id
    linha = Operacao(
        pedido_id=pedido_id,
        operacao=operacao,
        resultado=resultado,
        transporte=chamada.transporte,
        duracao_ms=chamada.duracao_ms,
        trace_id=chamada.rastro.trace_id,
    )
    inserir(linha)


def listar_operacoes() -> QuerySet[Operacao]:
    """O que este serviço registrou, do mais novo para o mais velho."""
    return Operacao.objects.all()


pedir_permissao("operacoes.view_operacao", listar_operacoes)
