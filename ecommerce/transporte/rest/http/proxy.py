"""O proxy com TLS que fica na frente: o que só ele pode dizer de quem pede, e quem vai ao https."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect

from ecommerce.acesso import Quem
from ecommerce.ambiente import URL_PUBLICA, Rede
from ecommerce.transporte.chaves import portador
from ecommerce.transporte.rest.atendimento import SONDAS


def ouvir_proxies(aplicacao: WSGIApplication, confiaveis: Collection[Rede]) -> WSGIApplication:
    """Põe em REMOTE_ADDR, wsgi.url_scheme e HTTP_HOST o que diz um proxy destas redes.

    Ninguém mais olha os `X-Forwarded-*`: os que outro manda não contam.
    """

    @lru_cache
    def e_proxy(endereco: str) -> bool:
        ip = _ip(endereco)
        return ip is not None and any(ip in rede for rede in confiaveis)

    def de_quem(vizinho: str, percurso: str) -> str:
        """O mais perto de nós que não é um proxy nosso: antes dele, qualquer um escreve."""
        for anterior in map(str.strip, reversed(percurso.split(","))):
            if not e_proxy(vizinho) or _ip(anterior) is None:
                break
            vizinho = anterior
        return vizinho

    def servir(environ: WSGIEnvironment, start_response: StartResponse) -> Any:
        vizinho = environ.get("REMOTE_ADDR", "")
        if e_proxy(vizinho):
            environ["REMOTE_ADDR"] = de_quem(vizinho, environ.get("HTTP_X_FORWARDED_FOR", ""))
            if environ.get("HTTP_X_FORWARDED_PROTO") == "https":
                environ["wsgi.url_scheme"] = "https"
            if host := environ.get("HTTP_X_FORWARDED_HOST"):
                environ["HTTP_HOST"] = host
        return aplicacao(environ, start_response)

    return servir


def _ip(texto: str) -> IPv4Address | IPv6Address | None:
    try:
        ip = ip_address(texto)
    except ValueError:
        return None
    # um IPv4 que chega a quem escuta em IPv6 ainda é um IPv4
    return (isinstance(ip, IPv6Address) and ip.ipv4_mapped) or ip


class SoPorHttps:
    """Leva ao https quem não veio por ele, menos as sondas e as chamadas entre os serviços.

    Com 308, e não 301, um POST continua a ser um POST. Quem traz a chave interna já está dentro.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.host_publico = urlsplit(URL_PUBLICA.de(settings.SERVICO).ler()).netloc

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chave = request.META.get("HTTP_AUTHORIZATION", "")
        if request.is_secure() or request.path in SONDAS or portador(chave) is Quem.INTERNA:
            return self.get_response(request)
        host = self.host_publico or request.get_host()
        destino = f"https://{host}{request.get_full_path()}"
        return HttpResponsePermanentRedirect(destino, preserve_request=True)
