"""A porta de quem entra com senha: confere-se uma por vez, e nenhuma de quem já errou demais.

Conferir uma custa, de propósito, uns 0,3 s de CPU, que faltariam aos checkouts. Quem não pode
tentar ouve não sem que se confira nada. E quem erra, ou insiste, espera um segundo pela resposta:
um laço que tenta sem parar tomaria a CPU mesmo só com recusas.
"""

from __future__ import annotations

import math
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import IPv6Address, ip_address, ip_network
from unicodedata import normalize

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.crypto import salted_hmac

from ecommerce.administracao.senhas import SenhasDemais, Tentativa
from ecommerce.logs import contar_recusa
from ecommerce.servicos import SERVICOS

CONFEREM_SENHA = ("/admin/login/", "/admin/password_change/")
CASTIGO_S = 1.0
NAVEGADOR_VALE_S = 180 * 24 * 3600
_SAL = "ecommerce.administracao.porteiro"
# quantas threads podem esperar em cada fila, e quantas pela recusa; as outras são de quem compra
NA_FILA, NO_CASTIGO = 4, SERVICOS[settings.SERVICO].threads // 6
_castigo = threading.BoundedSemaphore(NO_CASTIGO)


class _Fila:
    """Uma senha por vez."""

    def __init__(self) -> None:
        self._lugares, self._vez = threading.BoundedSemaphore(NA_FILA), threading.Lock()

    @contextmanager
    def esperar_a_vez(self) -> Iterator[None]:
        """Levanta SenhasDemais se já não cabe mais ninguém."""
        if not self._lugares.acquire(blocking=False):
            raise SenhasDemais(CASTIGO_S)
        try:
            with self._vez:
                yield
        finally:
            self._lugares.release()


# quem vem por um navegador conhecido não espera por estranhos
_filas = {conhecido: _Fila() for conhecido in (True, False)}


class Porteiro:
    """Vem antes dos middlewares que custam: a recusa não paga sessão, nem uma linha de log."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _confere_senha(request):
            return self.get_response(request)
        tentativa = _tentativa(request)
        try:
            tentativa.recusar_se_lembrada()
            with _filas[tentativa.conhecido].esperar_a_vez():
                tentativa.recusar_se_demais()
                return self._conferir(request, tentativa)
        except SenhasDemais as demais:
            contar_recusa()
            if _castigo.acquire(blocking=False):
                time.sleep(CASTIGO_S)
                _castigo.release()
            return _recusa(demais.espera_s)

    def _conferir(self, request: HttpRequest, tentativa: Tentativa) -> HttpResponse:
        """A resposta do Django; acertou quem saiu dela com outra sessão."""
        resposta = self.get_response(request)
        sessao = resposta.cookies.get(settings.SESSION_COOKIE_NAME)
        if sessao and sessao.value:
            tentativa.acertou()
            _marcar_navegador(resposta, tentativa.usuario)
        elif resposta.status_code < 500:
            tentativa.errou()
            time.sleep(CASTIGO_S)  # e a fila com ele: não se confere mais que uma por segundo
        return resposta


def _confere_senha(request: HttpRequest) -> bool:
    tamanho = int(request.META.get("CONTENT_LENGTH") or 0)
    cabe = tamanho <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE  # senão é recusada sem que se leia
    return request.method == "POST" and request.path in CONFEREM_SENHA and cabe


def _tentativa(request: HttpRequest) -> Tentativa:
    dono, navegador = _navegador(request)
    nome = request.POST.get("username")  # como o formulário o entende; quem troca a senha não o diz
    usuario = dono if nome is None else _resumo(normalize("NFKC", nome.strip()))
    if dono and usuario == dono:
        return Tentativa(usuario, navegador, conhecido=True)
    return Tentativa(usuario, _resumo(_lugar(request.META["REMOTE_ADDR"])), conhecido=False)


def _lugar(endereco: str) -> str:
    """O endereço IPv4, ou a rede /64 do IPv6, que é de um cliente só."""
    try:
        ip = ip_address(endereco)
    except ValueError:
        return endereco
    if isinstance(ip, IPv6Address):
        return str(ip.ipv4_mapped or ip_network((ip, 64), strict=False))
    return str(ip)


def _resumo(texto: str) -> str:
    return salted_hmac(_SAL, texto).hexdigest()


def _cookie() -> str:
    return f"navegador_{settings.SERVICO}"


def _navegador(request: HttpRequest) -> tuple[str, str]:
    """O usuário que já entrou por este navegador e o nome que lhe demos; vazios se nenhum."""
    marca = request.COOKIES.get(_cookie(), "")
    try:
        usuario, navegador = signing.loads(marca, salt=_SAL, max_age=NAVEGADOR_VALE_S)
    except signing.BadSignature:
        return "", ""
    return usuario, navegador


def _marcar_navegador(resposta: HttpResponse, usuario: str) -> None:
    resposta.set_cookie(
        _cookie(),
        signing.dumps((usuario, secrets.token_hex(20)), salt=_SAL),
        max_age=NAVEGADOR_VALE_S,
        path="/admin/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def _recusa(espera_s: float) -> HttpResponse:
    pagina = render_to_string(
        "administracao/senhas_demais.html", {"minutos": math.ceil(espera_s / 60)}
    )
    return HttpResponse(pagina, status=429, headers={"Retry-After": str(math.ceil(espera_s))})
