"""O que cerca toda requisição: rastro, prazo, limite de tamanho e a linha de log."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from rest_framework.exceptions import MethodNotAllowed

from ecommerce.contexto import Prazo, iniciar
from ecommerce.erros import EntradaInvalida, PrazoEsgotado, Sobrecarga
from ecommerce.logs import registrar_chamada
from ecommerce.quedas import cair_se_marcado
from ecommerce.transporte.rest.erros import responder
from ecommerce.transporte.rest.http.corpo import DESCARTE_MAXIMO, descartar
from ecommerce.transporte.vagas import vaga

SONDAS = ("/saude", "/prontidao")


class Requisicao:
    """Abre a chamada do contexto e registra uma linha JSON quando ela termina."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path in SONDAS:  # quem vigia chega por qualquer nome, ou por um número
            request.META["HTTP_HOST"] = "localhost"
        traceparent = request.META.get("HTTP_TRACEPARENT")
        chamada = iniciar("rest", prazo_ms=settings.PRAZO_CHECKOUT_MS, traceparent=traceparent)
        try:
            chamada.prazo = Prazo(chamada.inicio + _prazo_ms(request) / 1000)
            if chamada.prazo.restante_s <= 0:
                raise PrazoEsgotado("O prazo acabou enquanto a chamada esperava a sua vez.")
            _recusar_grande_demais(request)
            # consultar é barato: só o que pode abrir um checkout disputa vaga
            with vaga() if request.method == "POST" else nullcontext():
                resposta = _com_corpo(self.get_response(request), request)
        except (EntradaInvalida, PrazoEsgotado, RequestDataTooBig, Sobrecarga) as recusa:
            resposta = responder(recusa, request)
        cair_se_marcado("antes_da_resposta")
        rota = request.resolver_match.route.strip("^$") if request.resolver_match else "?"
        registrar_chamada(
            chamada, operacao=f"{request.method} /{rota}", resultado=resposta.status_code
        )
        return resposta


def _com_corpo(resposta: HttpResponse, request: HttpRequest) -> HttpResponse:
    """A recusa do método, que fora da API o Django responde sem corpo, com o nosso."""
    if resposta.status_code != 405 or not (resposta.streaming or resposta.content == b""):
        return resposta
    recusa = responder(MethodNotAllowed(str(request.method)), request)
    recusa["Allow"] = resposta["Allow"]
    return recusa


def _prazo_ms(request: HttpRequest) -> int:
    """O prazo desta chamada (ms): o de quem chama (`X-Prazo-Ms`), nunca mais que o do checkout."""
    texto = request.META.get("HTTP_X_PRAZO_MS")
    if texto is None:
        return int(settings.PRAZO_CHECKOUT_MS)
    if not (texto.isascii() and texto.isdigit() and len(texto) <= 9):
        raise EntradaInvalida({"X-Prazo-Ms": ["Deve ser um inteiro de milissegundos."]})
    return min(int(texto), settings.PRAZO_CHECKOUT_MS)


def _recusar_grande_demais(request: HttpRequest) -> None:
    tamanho = int(request.META.get("CONTENT_LENGTH") or 0)
    if tamanho > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        descartar(request, min(tamanho, DESCARTE_MAXIMO))
        raise RequestDataTooBig
