"""O que o serviço de pagamentos faz: processar, estornar, consultar."""

from __future__ import annotations

from typing import Protocol

from django.utils import timezone

from ecommerce.acesso import pedir_permissao
from ecommerce.banco.sql import buscar, inserir
from ecommerce.erros import NaoEncontrado, Recusado
from ecommerce.mensagens import Andamento, LinhaPagamento, LinhaSeparacao, Ordem
from ecommerce.operacoes.registro import registrar
from ecommerce.passos import desfazer_ou_lapide, exigir_mesma_ordem, gravar_uma_vez, passar_adiante
from ecommerce.quedas import DEPOIS_DA_OPERADORA, cair_se_marcado
from pagamentos.dominio import ESTORNAVEIS, Status
from pagamentos.models import Pagamento
from pagamentos.operadora import casos_de_uso as operadora


class Estoque(Protocol):
    """O próximo serviço, por qualquer transporte."""

    def separar(self, ordem: Ordem) -> Andamento: ...
    def liberar(self, pedido_id: int, impressao: str | None) -> LinhaSeparacao: ...


def decidir_pagamento(*, ordem: Ordem) -> Pagamento:
    """Decide o pagamento do pedido e o grava, uma vez só: repetido, é a mesma decisão.

    Levanta Recusado se ela foi não, Conflito se o pedido chegou antes com outro conteúdo.
    """
    salvo = buscar(Pagamento, pedido_id=ordem.pedido_id)
    pagamento = salvo or _perguntar_e_salvar(ordem)
    exigir_mesma_ordem(pagamento.impressao, ordem)
    if pagamento.status == Status.REJEITADO:
        raise Recusado(
            "A operadora recusou o pagamento.",
            codigo="pagamento_rejeitado",
            pedido_id=ordem.pedido_id,
            situacao=pagamento.status,
        )
    if pagamento.status == Status.ESTORNADO:
        raise Recusado(
            "O pagamento já foi estornado.",
            codigo=pagamento.motivo or "pedido_cancelado",
            pedido_id=ordem.pedido_id,
            situacao=pagamento.status,
        )
    return pagamento


def processar_pagamento(*, ordem: Ordem, estoque: Estoque) -> Andamento:
    """Decide o pagamento do pedido e manda separar o estoque.

    Levanta Recusado (nada fica cobrado), Conflito se o pedido chegou antes com outro conteúdo,
    SemResposta se não se sabe o que houve adiante.
    """
    pagamento = decidir_pagamento(ordem=ordem)
    andamento = passar_adiante(
        estoque.separar, ordem, servico="pagamentos", compensar=desfazer_pagamento
    )
    return Andamento(andamento.envio, andamento.nota, andamento.separacao, pagamento.linha)


def estornar_pagamento(
    *, pedido_id: int, impressao: str | None = None, estoque: Estoque
) -> LinhaPagamento:
    """Desfaz os passos seguintes e devolve o dinheiro; de um pedido nunca visto deixa a lápide.

    Levanta Conflito se o pedido já foi entregue, SemResposta se alguém abaixo não respondeu.
    """
    estoque.liberar(pedido_id, impressao)
    return desfazer_pagamento(
        pedido_id=pedido_id, impressao=impressao, motivo="pedido_cancelado"
    ).linha


def desfazer_pagamento(*, pedido_id: int, impressao: str | None, motivo: str) -> Pagamento:
    """Devolve só o dinheiro; de um pedido nunca visto deixa a lápide. `motivo` é um `codigo`.

    A operadora vem primeiro: se algo cai entre ela e o nosso commit, o pagamento ainda está
    aprovado e quem repete o desfaz; ao contrário, estaria estornado com o dinheiro por devolver.
    """
    operadora.estornar(pedido_id=pedido_id, impressao=impressao)
    cair_se_marcado(DEPOIS_DA_OPERADORA)
    return desfazer_ou_lapide(
        Pagamento,
        pedido_id,
        "estornar_pagamento",
        impressao=impressao,
        de=ESTORNAVEIS,
        status=Status.ESTORNADO,
        motivo=motivo,
    )


def consultar_pagamento(*, pedido_id: int) -> LinhaPagamento:
    """O pagamento do pedido. Levanta NaoEncontrado."""
    pagamento = Pagamento.objects.filter(pk=pedido_id).first()
    if pagamento is None:
        raise NaoEncontrado(f"O pedido {pedido_id} não tem pagamento.", pedido_id=pedido_id)
    return pagamento.linha


pedir_permissao("pagamentos.view_pagamento", consultar_pagamento)


def _perguntar_e_salvar(ordem: Ordem) -> Pagamento:
    """Pergunta à operadora e grava a resposta, com a operação, antes de seguir adiante."""
    aprovado = operadora.cobrar(ordem=ordem)
    cair_se_marcado(DEPOIS_DA_OPERADORA)
    pagamento = Pagamento(
        pedido_id=ordem.pedido_id,
        status=Status.APROVADO if aprovado else Status.REJEITADO,
        metodo=ordem.metodo,
        valor=ordem.valor_total,
        data_processamento=timezone.now(),
        impressao=ordem.impressao,
    )

    def gravar() -> None:
        inserir(pagamento)
        registrar("processar_pagamento", pedido_id=ordem.pedido_id, resultado=pagamento.status)

    return gravar_uma_vez(pagamento, gravar)
