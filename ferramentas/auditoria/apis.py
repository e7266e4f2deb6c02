"""Ler os serviços pelas suas APIs: listas inteiras, uma página de cada vez, ou um pedido só."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Executor
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson
import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from ecommerce.erros import Indisponivel
from ecommerce.servicos import SERVICOS
from ecommerce.transporte.rest.http.sessao import abrir_sessao

LINHAS_POR_PAGINA = 500
_ESPERAS_S = (3, 15)  # pela conexão e pela resposta
# um serviço que o supervisor acabou de levantar, ou com o banco ocupado, merece outra chance
_REPETIR = Retry(
    total=4,
    read=1,  # de quem está parado já se esperou bastante
    backoff_factor=0.2,
    status_forcelist=(429, 503),
    allowed_methods=("GET",),
    raise_on_status=False,
)
_da_thread = threading.local()


def ler_um(servico: str, caminho: str) -> Any:
    """O recurso que está em `caminho`, ou None se o serviço não o tem. Levanta Indisponivel."""
    return _ler(servico, caminho, {})


def ler_pagina(
    servico: str, caminho: str, cursor: str | None = None, *, filtros: dict[str, int] | None = None
) -> tuple[list[dict[str, Any]], str | None]:
    """As linhas de uma página e o cursor da seguinte, se há. Levanta Indisponivel."""
    params: dict[str, str | int] = {"tamanho": LINHAS_POR_PAGINA, **(filtros or {})}
    if cursor:
        params["cursor"] = cursor
    dados = _ler(servico, caminho, params)
    try:
        # só o cursor: o endereço que a resposta diz não é lugar para onde mandar a chave interna
        seguinte = parse_qs(urlsplit(str(dados["next"] or "")).query).get("cursor", [None])[0]
        return [dict(linha) for linha in dados["results"]], seguinte
    except (KeyError, TypeError, ValueError) as erro:
        raise incompreensivel(servico, caminho) from erro


def ler_lista(
    servico: str, caminho: str, executor: Executor | None = None, **filtros: int
) -> Iterator[dict[str, Any]]:
    """Todas as linhas, das mais novas às mais velhas; com `executor`, uma página à frente.

    Nunca há mais que duas páginas na memória. Levanta Indisponivel.
    """
    linhas, cursor = ler_pagina(servico, caminho, filtros=filtros)
    while cursor and executor:
        adiante = executor.submit(ler_pagina, servico, caminho, cursor, filtros=filtros)
        yield from linhas
        linhas, cursor = adiante.result()
    while cursor:
        yield from linhas
        linhas, cursor = ler_pagina(servico, caminho, cursor, filtros=filtros)
    yield from linhas


def incompreensivel(servico: str, caminho: str) -> Indisponivel:
    """O erro de quem respondeu outra coisa que não o combinado."""
    return Indisponivel(f"O serviço {servico} respondeu o que não se entende em {caminho}.")


def _ler(servico: str, caminho: str, params: dict[str, str | int]) -> Any:
    url = SERVICOS[servico].url_rest + caminho
    try:
        resposta = _sessao().get(url, params=params, timeout=_ESPERAS_S, allow_redirects=False)
    except requests.RequestException as erro:
        raise Indisponivel(f"O serviço {servico} não responde em {url}.") from erro
    try:
        dados = orjson.loads(resposta.content)
    except ValueError as erro:
        raise incompreensivel(servico, caminho) from erro
    codigo = dados.get("codigo") if isinstance(dados, dict) else None
    if codigo == "nao_encontrado" and not params:
        return None
    if resposta.status_code != 200:
        raise Indisponivel(f"O serviço {servico} respondeu {resposta.status_code} em {caminho}.")
    return dados


def _sessao() -> requests.Session:
    """A sessão desta thread, com a chave interna."""
    if not hasattr(_da_thread, "sessao"):
        sessao = abrir_sessao(settings.CHAVE_INTERNA)
        sessao.headers["Accept"] = "application/json"
        for esquema in ("http://", "https://"):
            sessao.mount(esquema, HTTPAdapter(max_retries=_REPETIR))
        _da_thread.sessao = sessao
    return _da_thread.sessao
