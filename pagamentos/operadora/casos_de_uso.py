"""O que se pede à operadora. Cada pedido se cobra e se estorna uma vez só, ainda que se repita.

O que ela responde vai para o caderno antes que alguém o ouça, e vale mesmo que ninguém espere.
"""

from __future__ import annotations

import time

from django.conf import settings
from django.db import IntegrityError
from django.utils import timezone

from ecommerce.banco.sql import banco_de, buscar, inserir
from ecommerce.banco.transacao import exigir_fora_de_transacao, vez_de_escrever
from ecommerce.contexto import chamada_atual
from ecommerce.erros import Conflito, PrazoEsgotado
from ecommerce.mensagens import Ordem
from pagamentos.operadora.dominio import Status, Tipo, decidir, falta_s
from pagamentos.operadora.models import Lancamento


def cobrar(*, ordem: Ordem) -> bool:
    """Cobra o pedido e diz se a operadora aprovou; a mesma ordem ouve sempre o mesmo.

    Levanta Conflito se o número já é de outra ordem, PrazoEsgotado se a resposta não fica pronta
    no prazo da chamada em curso (quem pergunta de novo não recomeça a espera), e Indisponivel.
    """
    decisao = decidir(ordem.metodo, ordem.token_cartao, settings.SIMULACAO)
    cobranca = _anotar(
        Lancamento(
            pedido_id=ordem.pedido_id,
            tipo=Tipo.COBRANCA,
            status=Status.APROVADO if decisao.aprovado else Status.REJEITADO,
            valor=ordem.valor_total,
            impressao=ordem.impressao,
            espera_ms=round(decisao.espera_s * 1000),
        )
    )
    if cobranca.impressao not in (None, ordem.impressao):
        raise Conflito("A operadora já tem outra ordem neste número.", pedido_id=ordem.pedido_id)
    _esperar(cobranca)
    return cobranca.status == Status.APROVADO


def estornar(*, pedido_id: int, impressao: str | None) -> None:
    """Devolve o que foi cobrado; de um pedido nunca cobrado, deixa a marca que o recusa depois.

    Com a `impressao` da ordem, a cobrança de outra com o mesmo número fica como está. Levanta
    Indisponivel.
    """
    marca = Lancamento(pedido_id=pedido_id, tipo=Tipo.COBRANCA, status=Status.REJEITADO)
    cobranca = _anotar(marca)
    if cobranca.status == Status.APROVADO and impressao in (None, cobranca.impressao):
        _anotar(
            Lancamento(
                pedido_id=pedido_id,
                tipo=Tipo.ESTORNO,
                status=Status.APROVADO,
                valor=cobranca.valor,
                impressao=cobranca.impressao,
            )
        )


def _anotar(lancamento: Lancamento) -> Lancamento:
    """Grava o lançamento, ou devolve o do mesmo pedido e tipo que já estava no caderno."""
    exigir_fora_de_transacao()
    try:
        with vez_de_escrever(banco_de(Lancamento)):
            inserir(lancamento)
        return lancamento
    except IntegrityError:
        anterior = buscar(Lancamento, pedido_id=lancamento.pedido_id, tipo=lancamento.tipo)
        if anterior is None:
            raise
        return anterior


def _esperar(cobranca: Lancamento) -> None:
    """Até a resposta ficar pronta, ou até o prazo de quem chamou."""
    passaram_s = (timezone.now() - cobranca.criado_em).total_seconds()
    espera_s = falta_s(cobranca.espera_ms / 1000, passaram_s)
    if not espera_s:
        return
    resto_s = chamada_atual().prazo.restante_s
    time.sleep(max(0.0, min(espera_s, resto_s)))
    if espera_s > resto_s:
        raise PrazoEsgotado("A operadora não respondeu no prazo.")
