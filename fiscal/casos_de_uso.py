"""O que o fiscal faz: emitir, cancelar, consultar notas."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import Protocol

from django.utils import timezone

from ecommerce.acesso import pedir_permissao
from ecommerce.banco.sql import buscar, consultar, inserir
from ecommerce.erros import NaoEncontrado, Recusado
from ecommerce.mensagens import Andamento, LinhaEnvio, LinhaNota, Ordem
from ecommerce.operacoes.registro import registrar
from ecommerce.passos import desfazer_ou_lapide, exigir_mesma_ordem, gravar_uma_vez, passar_adiante
from fiscal.dominio import (
    CANCELAVEIS,
    NUMERO_MAXIMO,
    SERIE,
    Status,
    chave_de_acesso,
    sortear_codigo,
)
from fiscal.models import Nota, Numeracao

_SEGUINTE = """
    UPDATE fiscal_numeracao SET ultimo = ultimo + 1 WHERE serie = %s AND ultimo < %s
    RETURNING ultimo
"""


class Logistica(Protocol):
    """O próximo serviço, por qualquer transporte."""

    def agendar(self, ordem: Ordem) -> Andamento: ...
    def cancelar(self, pedido_id: int, impressao: str | None) -> LinhaEnvio: ...


def decidir_nota(*, ordem: Ordem) -> Nota:
    """Emite a nota do pedido e a grava, uma vez só: repetido, é a mesma nota.

    Levanta Recusado se ela não pode ser emitida ou já foi cancelada, Conflito se o pedido chegou
    antes com outro conteúdo.
    """
    salva = buscar(Nota, pedido_id=ordem.pedido_id)
    nota = salva or _emitir_e_salvar(ordem)
    exigir_mesma_ordem(nota.impressao, ordem)
    if nota.status == Status.CANCELADA:
        raise Recusado(
            "A nota já foi cancelada.",
            codigo=nota.motivo or "pedido_cancelado",
            pedido_id=ordem.pedido_id,
            situacao=nota.status,
        )
    return nota


def emitir_nota(*, ordem: Ordem, logistica: Logistica) -> Andamento:
    """Emite a nota do pedido e manda agendar o envio.

    Levanta Recusado (nada fica emitido), Conflito se o pedido chegou antes com outro conteúdo,
    SemResposta se não se sabe o que houve adiante.
    """
    nota = decidir_nota(ordem=ordem)
    andamento = passar_adiante(logistica.agendar, ordem, servico="fiscal", compensar=desfazer_nota)
    return replace(andamento, nota=nota.linha)


def cancelar_nota(
    *, pedido_id: int, impressao: str | None = None, logistica: Logistica
) -> LinhaNota:
    """Cancela o envio e depois a nota; de um pedido nunca visto deixa a lápide.

    Levanta Conflito se o pedido já foi entregue, SemResposta se a logística não respondeu.
    """
    logistica.cancelar(pedido_id, impressao)
    return desfazer_nota(pedido_id=pedido_id, impressao=impressao, motivo="pedido_cancelado").linha


def desfazer_nota(*, pedido_id: int, impressao: str | None, motivo: str) -> Nota:
    """Cancela só a nota; de um pedido nunca visto deixa a lápide. `motivo` é um `codigo`."""
    return desfazer_ou_lapide(
        Nota,
        pedido_id,
        "cancelar_nota",
        impressao=impressao,
        de=CANCELAVEIS,
        status=Status.CANCELADA,
        motivo=motivo,
    )


def consultar_nota(*, pedido_id: int) -> LinhaNota:
    """A nota do pedido. Levanta NaoEncontrado."""
    nota = Nota.objects.filter(pk=pedido_id).first()
    if nota is None:
        raise NaoEncontrado(f"O pedido {pedido_id} não tem nota.", pedido_id=pedido_id)
    return nota.linha


pedir_permissao("fiscal.view_nota", consultar_nota)


def _emitir_e_salvar(ordem: Ordem) -> Nota:
    """Numera e grava a nota com a operação; se a transação falha, o número não se perde."""
    nota = Nota(
        pedido_id=ordem.pedido_id,
        valor=ordem.valor_total,
        status=Status.EMITIDA,
        impressao=ordem.impressao,
    )

    def gravar() -> None:
        nota.serie, nota.numero = _proximo_numero()
        nota.data_emissao = timezone.now()
        nota.chave_acesso = chave_de_acesso(
            serie=nota.serie,
            numero=nota.numero,
            emitida_em=nota.data_emissao,
            codigo=sortear_codigo(nota.numero),
        )
        inserir(nota)
        registrar("emitir_nota", pedido_id=ordem.pedido_id, resultado=nota.status)

    return gravar_uma_vez(nota, gravar)


def _proximo_numero() -> tuple[int, int]:
    """A série e o número seguintes; a linha da série fica travada até o fim da transação."""
    for serie in count(SERIE):
        seguinte = consultar(_SEGUINTE, serie, NUMERO_MAXIMO)
        if seguinte is None:  # a série ainda não começou, ou já acabou
            Numeracao.objects.get_or_create(pk=serie)
            seguinte = consultar(_SEGUINTE, serie, NUMERO_MAXIMO)
        if seguinte is not None:
            break
    return serie, int(seguinte)
