"""As categorias de erro como status do gRPC, com o `codigo` num ErrorInfo, e de volta."""

from __future__ import annotations

from typing import cast

import grpc
from google.protobuf import any_pb2
from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2
from grpc_status import rpc_status

from ecommerce import erros
from ecommerce.transporte.categorias import CATEGORIAS

DOMINIO = "ecommerce"


def para_status(erro: erros.Erro) -> grpc.Status:
    """O status que o servidor devolve; a entrada inválida leva também os campos (BadRequest)."""
    codigo_grpc = grpc.StatusCode[CATEGORIAS[type(erro)].grpc]
    return _status(codigo_grpc, erro.detalhe, _informacao(erro), _campos(erro), _espera(erro))


def status_interno(trace_id: str) -> grpc.Status:
    """O status de um erro que ninguém esperava: um rastro, e nada de dentro."""
    informacao = error_details_pb2.ErrorInfo(
        reason="erro_interno", domain=DOMINIO, metadata={"trace_id": trace_id}
    )
    return _status(grpc.StatusCode.INTERNAL, "Erro inesperado.", informacao)


def da_chamada(
    servico: str, falha: grpc.RpcError, pedido_id: int | None
) -> erros.Recusado | erros.Conflito | erros.SemResposta:
    """O que diz a falha de uma chamada sobre o pedido; o que não é deste sistema não diz nada."""
    codigo, metadados = ler_erro(falha)
    detalhe = falha.details() or ""
    if codigo and metadados.get("pedido_id") == str(pedido_id):
        if falha.code() is grpc.StatusCode.FAILED_PRECONDITION:
            situacao = metadados.get("situacao")
            return erros.Recusado(detalhe, codigo=codigo, pedido_id=pedido_id, situacao=situacao)
        if falha.code() is grpc.StatusCode.ABORTED:
            return erros.Conflito(detalhe, codigo=codigo, pedido_id=pedido_id)
    alcancado = metadados.get("alcancado")
    if falha.code() is grpc.StatusCode.DEADLINE_EXCEEDED:
        detalhe = f"O serviço {servico} não respondeu no prazo."
        return erros.PrazoEsgotado(detalhe, alcancado=alcancado)
    # entrada inválida, sem autorização ou com defeito lá: nada se sabe do que foi feito
    return erros.Indisponivel(f"O serviço {servico} não atende agora.", alcancado=alcancado)


def foi_resposta(falha: Exception) -> bool:
    """Se o status veio do serviço, e não da falta dele."""
    if not isinstance(falha, grpc.RpcError):
        return False
    sem_servico = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED)
    return falha.code() not in sem_servico or ler_erro(falha)[0] is not None


def _informacao(erro: erros.Erro) -> error_details_pb2.ErrorInfo:
    metadados = {}
    if erro.pedido_id is not None:
        metadados["pedido_id"] = str(erro.pedido_id)
    if isinstance(erro, erros.SemResposta) and erro.alcancado:
        metadados["alcancado"] = erro.alcancado
    if isinstance(erro, erros.Recusado) and erro.situacao:
        metadados["situacao"] = erro.situacao
    return error_details_pb2.ErrorInfo(reason=erro.codigo, domain=DOMINIO, metadata=metadados)


def _campos(erro: erros.Erro) -> error_details_pb2.BadRequest | None:
    if not isinstance(erro, erros.EntradaInvalida):
        return None
    violacoes = [
        error_details_pb2.BadRequest.FieldViolation(field=campo, description=" ".join(mensagens))
        for campo, mensagens in erro.erros.items()
    ]
    return error_details_pb2.BadRequest(field_violations=violacoes)


def _espera(erro: erros.Erro) -> error_details_pb2.RetryInfo | None:
    """Em quanto tempo vale repetir: o Retry-After do gRPC."""
    segundos = getattr(erro, "tentar_em_s", None)
    if segundos is None:
        return None
    return error_details_pb2.RetryInfo(retry_delay=Duration(seconds=segundos))


def _status(codigo: grpc.StatusCode, texto: str, *mensagens: Message | None) -> grpc.Status:
    detalhes = []
    for mensagem in filter(None, mensagens):
        detalhe = any_pb2.Any()
        detalhe.Pack(mensagem)
        detalhes.append(detalhe)
    completo = status_pb2.Status(code=codigo.value[0], message=texto, details=detalhes)
    status: grpc.Status = rpc_status.to_status(completo)
    return status


def ler_erro(falha: grpc.RpcError) -> tuple[str | None, dict[str, str]]:
    """O `codigo` e os metadados do ErrorInfo da falha, se ela traz um nosso."""
    status = rpc_status.from_call(cast("grpc.Call", falha))
    for detalhe in status.details if status else ():
        informacao = error_details_pb2.ErrorInfo()
        nosso = detalhe.Unpack(informacao) and informacao.domain == DOMINIO
        if nosso and informacao.reason in erros.CODIGOS:
            return informacao.reason, dict(informacao.metadata)
    return None, {}
