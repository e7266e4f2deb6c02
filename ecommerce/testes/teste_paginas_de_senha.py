"""Que requisições são uma senha a conferir, e que nenhuma página confere outras."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from ecommerce.administracao import porteiro, senhas
from ecommerce.administracao.models import SenhaErrada
from ecommerce.administracao.porteiro import CONFEREM_SENHA

ENTRAR, _TROCAR = CONFEREM_SENHA
# o fim da troca, e a senha que um superusuário dá a outra pessoa
NAO_CONFEREM = {"password_change_done", "auth_user_password_change"}


@pytest.mark.django_db
def teste_um_corpo_grande_demais_nao_e_lido() -> None:
    anexo = {"anexo": SimpleUploadedFile("anexo", b"x" * 300_000)}

    assert Client().post(ENTRAR, anexo).status_code == 413
    assert not SenhaErrada.objects.exists()


@pytest.mark.django_db
def teste_ver_a_pagina_nao_conta() -> None:
    assert Client().get(ENTRAR).status_code == 200
    assert not SenhaErrada.objects.exists()


@pytest.mark.django_db
def teste_quem_erra_ou_insiste_espera_pela_resposta(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.setattr(senhas, "_cheias", {})
    monkeypatch.setattr(porteiro, "CASTIGO_S", 0.3)
    Client().get(ENTRAR)  # o primeiro paga pelos templates
    levou_s: dict[int, list[float]] = {200: [], 429: []}

    for _ in range(7):
        inicio = time.monotonic()
        resposta = Client().post(ENTRAR, {"username": "ninguem", "password": "errada"})
        levou_s[resposta.status_code].append(time.monotonic() - inicio)

    assert [len(vezes) for vezes in levou_s.values()] == [5, 2]
    assert min(levou_s[200]) >= 0.3 and min(levou_s[429]) >= 0.3


def teste_toda_pagina_que_confere_senha_passa_pelo_porteiro() -> None:
    de_senhas = {
        f"/{caminho}"
        for caminho, padrao in _padroes(get_resolver())
        if re.search("log_?in|password|senha", f"{padrao.name}") and padrao.name not in NAO_CONFEREM
    }

    assert de_senhas == set(CONFEREM_SENHA)


def _padroes(no: URLResolver, prefixo: str = "") -> Iterator[tuple[str, URLPattern]]:
    for filho in no.url_patterns:
        caminho = prefixo + str(filho.pattern)
        if isinstance(filho, URLResolver):
            yield from _padroes(filho, caminho)
        else:
            yield caminho, filho
