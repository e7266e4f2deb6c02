"""O que a logística faz: agendar, cancelar, entregar, consultar envios."""

from __future__ import annotations

from django.utils import timezone

from ecommerce.acesso import pedir_permissao
from ecommerce.banco.sql import buscar, inserir
from ecommerce.banco.transacao import transacao
from ecommerce.erros import NaoEncontrado, Recusado
from ecommerce.mensagens import Andamento, LinhaEnvio, Ordem
from ecommerce.operacoes.registro import registrar
from ecommerce.passos import desfazer_ou_lapide, exigir_mesma_ordem, gravar_uma_vez
from logistica.dominio import (
    CANCELAVEIS,
    ENTREGAVEIS,
    Status,
    codigo_rastreamento,
    exigir_cancelavel,
    exigir_entregavel,
)
from logistica.models import Envio


def decidir_envio(*, ordem: Ordem) -> Envio:
    """Agenda o envio do pedido e o grava, uma vez só: repetido, é o mesmo envio.

    Levanta Recusado se o envio foi cancelado, Conflito se o pedido chegou com outro conteúdo.
    """
    salvo = buscar(Envio, pedido_id=ordem.pedido_id)
    envio = salvo or _agendar_e_salvar(ordem)
    exigir_mesma_ordem(envio.impressao, ordem)
    if envio.status == Status.CANCELADO:
        raise Recusado(
            "O envio já foi cancelado.", codigo="pedido_cancelado", pedido_id=ordem.pedido_id
        )
    return envio


def agendar_envio(*, ordem: Ordem) -> Andamento:
    """Agenda o envio do pedido; é o fim da cadeia. Levanta o mesmo que `decidir_envio`."""
    return Andamento(envio=decidir_envio(ordem=ordem).linha)


def cancelar_envio(*, pedido_id: int, impressao: str | None = None) -> LinhaEnvio:
    """Cancela o envio; de um pedido nunca visto deixa a lápide.

    Levanta Conflito se o envio já foi entregue.
    """
    envio = desfazer_ou_lapide(
        Envio,
        pedido_id,
        "cancelar_envio",
        impressao=impressao,
        de=CANCELAVEIS,
        status=Status.CANCELADO,
    )
    exigir_cancelavel(pedido_id, envio.status)
    return envio.linha


def entregar_envio(*, pedido_id: int) -> LinhaEnvio:
    """Marca o envio como entregue; repetir não muda nada.

    Levanta NaoEncontrado, ou Conflito se o envio foi cancelado.
    """
    with transacao():
        if Envio.objects.filter(pk=pedido_id, status__in=ENTREGAVEIS).update(
            status=Status.ENTREGUE
        ):
            registrar("entregar_envio", pedido_id=pedido_id, resultado=Status.ENTREGUE)
    envio = consultar_envio(pedido_id=pedido_id)
    exigir_entregavel(pedido_id, envio.status)
    return envio


def consultar_envio(*, pedido_id: int) -> LinhaEnvio:
    """O envio do pedido. Levanta NaoEncontrado."""
    envio = Envio.objects.filter(pk=pedido_id).first()
    if envio is None:
        raise NaoEncontrado(f"O pedido {pedido_id} não tem envio.", pedido_id=pedido_id)
    return envio.linha


pedir_permissao("logistica.view_envio", consultar_envio)


def _agendar_e_salvar(ordem: Ordem) -> Envio:
    envio = Envio(
        pedido_id=ordem.pedido_id,
        codigo_rastreamento=codigo_rastreamento(ordem.pedido_id),
        status=Status.AGUARDANDO_ENVIO,
        data_despacho=timezone.now(),
        impressao=ordem.impressao,
    )

    def gravar() -> None:
        inserir(envio)
        registrar("agendar_envio", pedido_id=ordem.pedido_id, resultado=envio.status)

    return gravar_uma_vez(envio, gravar)
