"""O cliente gRPC de todos os serviços: um canal por processo, prazo, rastro e erros."""

from __future__ import annotations

import threading
from functools import cache
from typing import Any

import grpc
from django.conf import settings
from google.protobuf.message import Message

from ecommerce.banco.transacao import exigir_fora_de_transacao
from ecommerce.contexto import chamada_atual
from ecommerce.erros import Indisponivel
from ecommerce.servicos import SERVICOS
from ecommerce.transporte.disjuntor import DISJUNTORES
from ecommerce.transporte.grpc.canal import abrir_canal
from ecommerce.transporte.grpc.erros import da_chamada, foi_resposta

_OPCOES = [
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.keepalive_timeout_ms", 5_000),
    ("grpc.http2.max_pings_without_data", 0),
    # quem volta é achado logo
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.min_reconnect_backoff_ms", 1_000),  # é também o tempo dado a uma conexão
    ("grpc.max_reconnect_backoff_ms", 500),
]
_trava = threading.Lock()


def chamar(
    servico: str,
    stub: type,
    metodo: str,
    requisicao: Message,
    *,
    espera_maxima_s: float | None = None,
) -> Any:
    """A resposta de `stub.metodo` no serviço, pedida dentro do prazo da chamada em curso.

    Se a requisição traz um `pedido_id`, a resposta tem de ser sobre esse pedido. Levanta Recusado
    ou Conflito se o serviço disse não a ele, nas palavras deste sistema, e SemResposta
    (Indisponivel, PrazoEsgotado) se não se sabe o que ele fez: também se quem respondeu não é ele.
    Nunca repete: repetir é de quem conduz o pedido.
    """
    exigir_fora_de_transacao()
    chamada = chamada_atual()
    pedido_id = getattr(requisicao, "pedido_id", None)
    resto_s = min(chamada.prazo.para_o_proximo_s(), espera_maxima_s or float("inf"))
    try:
        with DISJUNTORES[servico].chamada(foi_resposta):
            resposta = getattr(_stub(servico, stub), metodo)(
                requisicao,
                timeout=resto_s,
                metadata=(
                    ("authorization", f"Bearer {settings.CHAVE_INTERNA}"),
                    ("traceparent", chamada.rastro.cabecalho),
                ),
            )
    except grpc.RpcError as falha:
        raise da_chamada(servico, falha, pedido_id) from falha
    if pedido_id is not None and resposta.pedido_id != pedido_id:
        raise Indisponivel(f"O serviço {servico} respondeu sobre outro pedido.")
    return resposta


def _stub(servico: str, stub: type) -> Any:
    with _trava:
        return _abrir(servico, stub)


@cache
def _abrir(servico: str, stub: type) -> Any:
    """O stub do serviço, sobre o canal único que este processo tem para ele."""
    return stub(abrir_canal(SERVICOS[servico].alvo_grpc, _OPCOES))
