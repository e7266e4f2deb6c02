"""O que cerca toda chamada gRPC: rastro, prazo, chave, erros em status e a linha de log."""

from __future__ import annotations

from contextlib import nullcontext
from functools import lru_cache, partial
from types import ModuleType
from typing import Any

import grpc
from django.conf import settings
from django.db import InterfaceError, OperationalError
from google.protobuf.message import DecodeError

from ecommerce import erros
from ecommerce.banco.transacao import soltar_conexoes
from ecommerce.contexto import Chamada, iniciar
from ecommerce.logs import contar_recusa, registrar_chamada, registrar_falha
from ecommerce.quedas import cair_se_marcado
from ecommerce.transporte.grpc.acesso import autorizar
from ecommerce.transporte.grpc.erros import para_status, status_interno
from ecommerce.transporte.vagas import excesso, lotado, vaga

_EXCESSO = para_status(excesso())


def _recusar_excesso(_: object, contexto: grpc.ServicerContext) -> None:
    contar_recusa()
    contexto.abort_with_status(_EXCESSO)


# como fluxo, o corpo nem é lido: a recusa custa metade
_RECUSA: Any = grpc.stream_unary_rpc_method_handler(_recusar_excesso)


class Atendimento(grpc.ServerInterceptor):
    """Envolve os métodos de um serviço; saúde e reflexão passam direto."""

    def __init__(self, casos_de_uso: ModuleType) -> None:
        self._casos_de_uso = casos_de_uso

    def intercept_service(self, continuation: Any, handler_call_details: Any) -> Any:
        metodo = handler_call_details.method
        da_biblioteca = metodo.startswith("/grpc.")
        if not da_biblioteca and not _so_consulta(metodo) and lotado():
            return _RECUSA
        tratador = continuation(handler_call_details)
        if tratador is None or da_biblioteca:
            return tratador
        return grpc.unary_unary_rpc_method_handler(
            partial(_atender, self._casos_de_uso, metodo, tratador),
            response_serializer=tratador.response_serializer,
        )


def _atender(
    casos_de_uso: ModuleType,
    metodo: str,
    tratador: Any,
    corpo: bytes,
    contexto: grpc.ServicerContext,
) -> Any:
    rastro = metadado(contexto, "traceparent")
    chamada = iniciar("grpc", prazo_ms=_prazo_ms(contexto), traceparent=rastro)
    codigo = "OK"
    try:
        # consultar é barato: só o que pode abrir um checkout disputa vaga
        with nullcontext() if _so_consulta(metodo) else vaga():
            autorizar(casos_de_uso, metodo, metadado(contexto, "authorization"))
            return tratador.unary_unary(_ler(tratador, corpo), contexto)
    except Exception as erro:
        falha = _em_status(chamada, erro)
        codigo = falha.code.name
        contexto.abort_with_status(falha)  # levanta
    finally:
        cair_se_marcado("antes_da_resposta")
        registrar_chamada(chamada, operacao=metodo, resultado=codigo)
        soltar_conexoes()


def _ler(tratador: Any, corpo: bytes) -> Any:
    """A mensagem; a biblioteca responderia INTERNAL ao que não é uma."""
    try:
        return tratador.request_deserializer(corpo)
    except DecodeError as erro:
        raise erros.EntradaInvalida({"corpo": ["Não é a mensagem deste método."]}) from erro


@lru_cache(64)
def _so_consulta(metodo: str) -> bool:
    return metodo.rpartition("/")[2].startswith(("Consultar", "Listar"))


def metadado(contexto: grpc.ServicerContext, nome: str) -> str | None:
    """O valor de um metadado de texto da chamada, se veio; sem espaços em volta, como em HTTP."""
    valor = dict(contexto.invocation_metadata()).get(nome)
    return valor.strip() if isinstance(valor, str) else None


def chave_de_idempotencia(contexto: grpc.ServicerContext) -> str | None:
    """A Idempotency-Key da chamada, se veio; de duas fica a vazia, que é recusada como por REST."""
    chaves = [v for nome, v in contexto.invocation_metadata() if nome == "idempotency-key"]
    return "" if len(chaves) > 1 else metadado(contexto, "idempotency-key")


def _prazo_ms(contexto: grpc.ServicerContext) -> int:
    """O prazo de quem chama (ms), nunca mais que o do checkout."""
    resto_s = contexto.time_remaining()  # infinito, ou None, se quem chama não deu prazo
    proprio: int = settings.PRAZO_CHECKOUT_MS
    return proprio if resto_s is None else int(min(proprio, resto_s * 1000))


def _em_status(chamada: Chamada, erro: Exception) -> grpc.Status:
    if isinstance(erro, OperationalError | InterfaceError):
        erro = erros.Indisponivel("O banco de dados não atende agora.")
    if isinstance(erro, erros.Erro):
        return para_status(erro)
    registrar_falha(chamada, erro)
    return status_interno(chamada.rastro.trace_id)
