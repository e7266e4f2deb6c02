"""Os erros: `application/problem+json` (RFC 9457) a programas, uma página a um navegador."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any

import orjson
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from ecommerce import erros
from ecommerce.contexto import chamada_atual
from ecommerce.logs import registrar_falha
from ecommerce.transporte.categorias import CATEGORIAS, ERRO_INTERNO, TITULOS_HTTP
from ecommerce.transporte.rest.paginas.erro import CABECALHOS, pagina_de_erro, prefere_pagina
from ecommerce.transporte.rest.paginas.formularios import volta_ao_formulario

TIPO = "application/problem+json"
SEM_CSRF = "O formulário veio sem o seu token CSRF, ou com um que já não vale."


def tratar(exc: Exception, context: dict[str, Any]) -> HttpResponse:
    """O tratador de exceções do DRF: qualquer exceção vira um problema."""
    request = context["request"]
    formato = getattr(getattr(request, "accepted_renderer", None), "format", None)
    corpo, cabecalhos = descrever(exc)
    if formato == "api" and volta_ao_formulario(context["view"], request, corpo["status"]):
        return Response(corpo, status=corpo["status"], headers=cabecalhos)
    em_html = formato == "api" or (formato != "json" and _prefere_pagina(request))
    return _escrever(corpo, cabecalhos, request, em_html)


def responder(exc: Exception, request: HttpRequest) -> HttpResponse:
    """O mesmo problema fora do DRF: middleware, admin e endereços que não existem."""
    return _escrever(*descrever(exc), request, _prefere_pagina(request))


def _prefere_pagina(request: HttpRequest | Request) -> bool:
    return prefere_pagina(request.META.get("HTTP_ACCEPT", ""))


def _escrever(
    corpo: Mapping[str, Any],
    cabecalhos: Mapping[str, str],
    request: HttpRequest | Request,
    em_html: bool,
) -> HttpResponse:
    if not em_html:
        return em_json(corpo, cabecalhos)
    rastro = chamada_atual().rastro.trace_id
    return em_pagina(corpo, cabecalhos, endereco=request.get_full_path(), rastro=rastro)


def em_json(corpo: Mapping[str, Any], cabecalhos: Mapping[str, str]) -> HttpResponse:
    """A resposta a um programa; `corpo` e `cabecalhos` são os de `descrever`."""
    return HttpResponse(
        orjson.dumps(corpo),
        status=corpo["status"],
        content_type=TIPO,
        headers={"Vary": "Accept", **cabecalhos},
    )


def em_pagina(
    corpo: Mapping[str, Any],
    cabecalhos: Mapping[str, str],
    *,
    endereco: str = "/",
    rastro: str = "",
) -> HttpResponse:
    """A resposta a um navegador; o resto é o de `pagina_de_erro`."""
    return HttpResponse(
        pagina_de_erro(corpo, endereco=endereco, rastro=rastro),
        status=corpo["status"],
        headers={"Vary": "Accept", **CABECALHOS, **cabecalhos},
    )


def requisicao_invalida(request: HttpRequest, exception: Exception) -> HttpResponse:
    return responder(exception, request)


def sem_permissao(request: HttpRequest, exception: Exception) -> HttpResponse:
    return responder(PermissionDenied(), request)


def sem_csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    return responder(erros.NaoPermitido(SEM_CSRF), request)


def nao_encontrado(request: HttpRequest, exception: Exception) -> HttpResponse:
    return responder(Http404(), request)


def erro_interno(request: HttpRequest) -> HttpResponse:
    exc = sys.exception()  # o Django chama isto de dentro do except dele
    falha = exc if isinstance(exc, Exception) else RuntimeError("falha sem exceção")
    return responder(falha, request)


def descrever(exc: Exception) -> tuple[dict[str, Any], dict[str, str]]:
    """O corpo e os cabeçalhos do problema que a exceção é."""
    erro = _em_categoria(exc)
    if isinstance(erro, erros.Erro):
        categoria = CATEGORIAS[type(erro)]
        return _corpo(categoria.http, erro.codigo, categoria.titulo, erro), _cabecalhos(erro)
    if isinstance(exc, RequestDataTooBig):
        return so_http(413, "O corpo passa de 256 KiB."), {}
    if isinstance(exc, exceptions.APIException) and exc.status_code in TITULOS_HTTP:
        espera = getattr(exc, "wait", None)
        cabecalhos = {"Retry-After": str(int(espera) + 1)} if espera is not None else {}
        return so_http(exc.status_code, str(exc.detail)), cabecalhos
    chamada = chamada_atual()
    registrar_falha(chamada, exc)
    corpo = _corpo(500, "erro_interno", ERRO_INTERNO.titulo, erros.Erro("Erro inesperado."))
    return corpo | {"trace_id": chamada.rastro.trace_id}, {}


def _nao_permitido(exc: Exception) -> erros.NaoPermitido:
    de_csrf = str(exc).startswith("CSRF Failed")  # assim o DRF diz que é do token, e só assim
    sem_direito = "Estas credenciais não dão direito a esta operação."
    return erros.NaoPermitido(SEM_CSRF if de_csrf else sem_direito)


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
    ((exceptions.PermissionDenied, PermissionDenied), _nao_permitido),
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


def so_http(status: int, detalhe: str) -> dict[str, Any]:
    """O problema que só existe em HTTP, como estão em TITULOS_HTTP."""
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
