"""A saga do checkout: levar um pedido ao fim da cadeia, ou desfazê-lo."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from typing import Any, Protocol

from django.utils import timezone

from ecommerce.banco.sql import atualizar
from ecommerce.banco.transacao import transacao
from ecommerce.erros import Conflito, Indisponivel, Recusado, SemResposta
from ecommerce.mensagens import Andamento, LinhaPagamento, Ordem
from ecommerce.operacoes.registro import registrar
from pedidos import despertador
from pedidos.dominio import A_CAMINHO, CANCELAVEIS, Status, anteriores, exigir_transicao
from pedidos.models import Pedido


class Pagamentos(Protocol):
    """O primeiro passo da cadeia, por qualquer transporte."""

    def processar(self, ordem: Ordem) -> Andamento: ...
    def estornar(self, pedido_id: int, impressao: str | None) -> LinhaPagamento: ...


def conduzir(pedido: Pedido, pagamentos: Pagamentos) -> None:
    """Leva o pedido pela cadeia; daqui em diante ele existe, e nenhuma falta de resposta sobe."""
    try:
        _percorrer(pedido, pagamentos)
    except SemResposta as falta:
        _interromper(pedido, falta)
        despertador.tocar()


def _percorrer(pedido: Pedido, pagamentos: Pagamentos) -> None:
    try:
        andamento = pagamentos.processar(pedido.ordem)
    except Recusado as recusado:
        if recusado.situacao is None:
            raise Indisponivel("Pagamentos recusou sem dizer como ficou.") from recusado
        _terminar(
            pedido,
            A_CAMINHO,
            "cancelar_pedido",
            status=Status.CANCELADO,
            motivo=recusado.codigo,
            pagamento_status=recusado.situacao,
        )
    except Conflito:
        # um serviço conhece o número por outra ordem: o que é deste pedido não pode ficar de pé
        marcar_cancelando(pedido, "estado_invalido")
        desfazer(pedido, pagamentos)
    else:
        _concluir(pedido, andamento)


def _concluir(pedido: Pedido, andamento: Andamento) -> None:
    rastreamento = andamento.envio.codigo_rastreamento
    if not (andamento.pagamento and andamento.nota and andamento.nota.numero and rastreamento):
        raise Indisponivel("A cadeia respondeu sem pagamento, nota ou envio.")
    _terminar(
        pedido,
        A_CAMINHO,
        "concluir_pedido",
        status=Status.ENVIADO,
        enviado_em=timezone.now(),
        pagamento_status=andamento.pagamento.status,
        nota_numero=int(andamento.nota.numero),
        nota_chave_acesso=andamento.nota.chave_acesso,
        envio_status=andamento.envio.status,
        envio_codigo_rastreamento=rastreamento,
    )


def _interromper(pedido: Pedido, falta: SemResposta) -> None:
    """Anota até onde o pedido chegou e solta a chave; se nem isso dá, o prazo dela a solta."""
    with suppress(Indisponivel):
        if falta.alcancado in A_CAMINHO:
            alcancado = Status(falta.alcancado)
            mudancas = {"status": alcancado, "pagamento_status": "aprovado", "em_curso_ate": None}
            if mudar(pedido, anteriores(alcancado), "avancar_pedido", **mudancas):
                return
        with transacao():
            Pedido.objects.filter(pk=pedido.pk).update(em_curso_ate=None)


def marcar_cancelando(pedido: Pedido, motivo: str) -> None:
    mudancas = {"status": Status.CANCELANDO, "motivo": motivo, "em_curso_ate": None}
    if mudar(pedido, CANCELAVEIS, "cancelar_pedido", **mudancas):
        # a leitura pode ser de antes do envio, e desfazer depende de ter havido um
        pedido.refresh_from_db()


def desfazer(pedido: Pedido, pagamentos: Pagamentos) -> None:
    """Desfaz a cadeia inteira; se alguém não responde, o pedido fica para o `retomar`."""
    try:
        _percorrer_de_volta(pedido, pagamentos)
    except SemResposta:
        despertador.tocar()


def _percorrer_de_volta(pedido: Pedido, pagamentos: Pagamentos) -> None:
    try:
        pagamento = pagamentos.estornar(pedido.pk, pedido.impressao_da_ordem)
    except Conflito:
        # a logística já entregou: vale o que aconteceu
        destino = Status.ENTREGUE if pedido.enviado_em else Status.NF_EMITIDA
        mudancas = {"status": destino, "motivo": None, "envio_status": "entregue"}
        mudar(pedido, (Status.CANCELANDO,), "entregar_pedido", **mudancas)
        return
    _terminar(
        pedido,
        (Status.CANCELANDO,),
        "cancelar_pedido",
        status=Status.CANCELADO,
        pagamento_status=pagamento.status,
        envio_status=pedido.envio_status and "cancelado",
    )


def _terminar(pedido: Pedido, de: Collection[Status], operacao: str, **mudancas: Any) -> bool:
    """Leva o pedido a um fim; a chave fica livre e o token do cartão não é mais preciso."""
    return mudar(pedido, de, operacao, **mudancas, em_curso_ate=None, token_cartao=None)


def mudar(pedido: Pedido, de: Collection[Status], operacao: str, **mudancas: Any) -> bool:
    """UPDATE condicional a partir dos estados `de`, com a operação na mesma transação.

    Se o pedido já não está em nenhum deles nada muda, e `pedido` passa a mostrar o que há.
    Levanta ValueError se TRANSICOES não tem a passagem.
    """
    exigir_transicao(de, mudancas["status"])
    with transacao():
        mudou = atualizar(Pedido, {"id": pedido.pk, "status": tuple(de)}, **mudancas)
        if mudou:
            registrar(operacao, pedido_id=pedido.pk, resultado=mudancas["status"])
    if mudou:
        for campo, valor in mudancas.items():
            setattr(pedido, campo, valor)
    else:
        pedido.refresh_from_db()
    return bool(mudou)
