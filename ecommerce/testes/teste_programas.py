"""Quem traz uma chave e quer JSON não passa pelo que só um navegador usa."""

from __future__ import annotations

from typing import Any
from unittest.mock import Mock
from wsgiref.util import setup_testing_defaults

import pytest
from django.core.signals import request_started

from ecommerce.wsgi import application

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("extra", "de_navegador"),
    [({}, False), ({"HTTP_COOKIE": "a=1"}, True), ({"HTTP_ACCEPT": "text/html"}, True)],
)
def teste_um_programa_dispensa_o_caminho_dos_navegadores(
    settings: Any, extra: dict[str, str], de_navegador: bool
) -> None:
    # o Django inteiro anuncia a requisição; o dos programas não tem a quem
    ouvidas: list[Any] = []
    request_started.connect(lambda **quais: ouvidas.append(quais), weak=False, dispatch_uid="teste")
    ambiente: dict[str, Any] = {
        "PATH_INFO": "/pagamentos/1",
        "QUERY_STRING": "",
        "HTTP_AUTHORIZATION": f"Bearer {settings.CHAVE_INTERNA}",
        **extra,
    }
    setup_testing_defaults(ambiente)
    comecar = Mock()
    try:
        application(ambiente, comecar)
    finally:
        request_started.disconnect(dispatch_uid="teste")
    assert comecar.call_args.args[0] == "404 Not Found"
    assert bool(ouvidas) == de_navegador
