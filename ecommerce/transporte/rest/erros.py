"""Os erros como `application/problem+json` (RFC 9457)."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import orjson
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from rest_framework import exceptions
from rest_framework.response import Response

from ecommerce import erros
from ecommerce.contexto import chamada_atual
from ecommerce.logs import registrar_falha
from ecommerce.transporte.categorias import CATEGORIAS, ERRO_INTERNO, TITULOS_HTTP

TIPO = "application/problem+json"


def tratar(exc: Exception, context: dict[str, Any]) -> Response:
    """O tratador de exceções do DRF: qualquer exceção vira um problema."""
    corpo, cabecalhos = _descrever(exc)
    resposta = Response(corpo, status=corpo["status"], headers=cabecalhos)
    requisicao = context.get("request")
    if getattr(getattr(requisicao, "accepted_renderer", None), "format", "json") == "json":
        resposta.content_type = TIPO
    return resposta


def responder(exc: Exception) -> HttpResponse:
    """O mesmo problema fora do DRF: middleware e endereços que não existem."""
    corpo, cabecalhos = _descrever(exc)
    return HttpResponse(
        orjson.dumps(corpo), status=corpo["status"], content_type=TIPO, headers=cabecalhos
    )


def requisicao_invalida(request: HttpRequest, exception: Exception) -> HttpResponse:
    return responder(exception)


def nao_encontrado(request: HttpRequest, exception: Exception) -> HttpResponse:
    return responder(Http404())


def erro_interno(request: HttpRequest) -> HttpResponse:
    exc = sys.exception()  # o Django chama isto de dentro do except dele
    return responder(exc if isinstance(exc, Exception) else RuntimeError("falha sem exceção"))


def _descrever(exc: Exception) -> tuple[dict[str, Any], dict[str, str]]:
    """O corpo e os cabeçalhos do problema que a exceção é."""
    erro = _em_categoria(exc)
    if isinstance(erro, erros.Erro):
        categoria = CATEGORIAS[type(erro)]
        return _corpo(categoria.http, erro.codigo, categoria.titulo, erro), _cabecalhos(erro)
    if isinstance(exc, RequestDataTooBig):
        return _so_http(413, "O corpo passa de 256 KiB."), {}
    if isinstance(exc, exceptions.APIException) and exc.status_code in TITULOS_HTTP:
        espera = getattr(exc, "wait", None)
        cabecalhos = {"Retry-After": str(int(espera) + 1)} if espera is not None else {}
        return _so_http(exc.status_code, str(exc.detail)), cabecalhos
    chamada = chamada_atual()
    registrar_falha(chamada, exc)
    corpo = _corpo(500, "erro_interno", ERRO_INTERNO.titulo, erros.Erro("Erro inesperado."))
    return corpo | {"trace_id": chamada.rastro.trace_id}, {}


_TRADUCOES: list[tuple[tuple[type[Exception], ...], Callable[[Any], Exception]]] = [
    ((exceptions.ValidationError,), lambda exc: erros.EntradaInvalida(achatar(exc.detail))),
    (
        (exceptions.ParseError,),
        lambda _: erros.EntradaInvalida({"corpo": ["Não é um JSON válido em UTF-8."]}),
    ),
    (
        (exceptions.NotAuthenticated, exceptions.AuthenticationFailed),
        lambda _: erros.NaoAutenticado("Faltam credenciais: envie Authorization: Bearer <chave>."),
    ),
    (
        (exceptions.PermissionDenied, PermissionDenied),
        lambda _: erros.NaoPermitido("Estas credenciais não dão direito a esta operação."),
    ),
    ((Http404, exceptions.NotFound), lambda _: erros.NaoEncontrado("O recurso não existe.")),
    (
        (OperationalError, InterfaceError),
        lambda _: erros.Indisponivel("O banco de dados não atende agora."),
    ),
    ((RequestDataTooBig,), lambda exc: exc),
    (
        (SuspiciousOperation,),
        lambda _: erros.EntradaInvalida({"requisicao": ["A requisição não é aceitável."]}),
    ),
]


def _em_categoria(exc: Exception) -> Exception:
    """A categoria nossa que corresponde a uma exceção do Django ou do DRF, se alguma."""
    for tipos, traduzir in _TRADUCOES:
        if isinstance(exc, tipos):
            return traduzir(exc)
    return exc


def _corpo(status: int, codigo: str, titulo: str, erro: erros.Erro) -> dict[str, Any]:
    corpo: dict[str, Any] = {
        "type": "about:blank",
        "title": titulo,
        "status": status,
        "detail": erro.detalhe,
        "codigo": codigo,
    }
    if isinstance(erro, erros.EntradaInvalida):
        corpo["erros"] = erro.erros
    if isinstance(erro, erros.SemResposta) and erro.alcancado:
        corpo["alcancado"] = erro.alcancado
    if erro.pedido_id is not None:
        corpo["pedido_id"] = erro.pedido_id
    if isinstance(erro, erros.Recusado) and erro.situacao:
        corpo["situacao"] = erro.situacao
    return corpo


def _so_http(status: int, detalhe: str) -> dict[str, Any]:
    codigo, titulo = TITULOS_HTTP[status]
    return _corpo(status, codigo, titulo, erros.Erro(detalhe))


def _cabecalhos(erro: erros.Erro) -> dict[str, str]:
    if isinstance(erro, erros.NaoAutenticado):
        return {"WWW-Authenticate": 'Bearer realm="ecommerce"'}
    espera = getattr(erro, "tentar_em_s", None)
    return {} if espera is None else {"Retry-After": str(espera)}


def achatar(detalhe: Any, caminho: str = "") -> dict[str, list[str]]:
    """Os erros aninhados do DRF por caminho do campo: `itens[0].quantidade`."""
    if isinstance(detalhe, dict):
        pares = [(_subcaminho(caminho, campo), valor) for campo, valor in detalhe.items()]
    elif isinstance(detalhe, list) and any(isinstance(parte, dict) for parte in detalhe):
        pares = [(f"{caminho}[{posicao}]", valor) for posicao, valor in enumerate(detalhe)]
    else:
        mensagens = detalhe if isinstance(detalhe, list) else [detalhe]
        return {caminho or "corpo": [str(mensagem) for mensagem in mensagens]}
    return {c: m for caminho_, valor in pares for c, m in achatar(valor, caminho_).items()}


def _subcaminho(caminho: str, campo: str | int) -> str:
    if isinstance(campo, int):  # o DRF dá os erros de uma lista pela posição
        return f"{caminho}[{campo}]"
    return caminho if campo == "non_field_errors" else f"{caminho}.{campo}".lstrip(".")
