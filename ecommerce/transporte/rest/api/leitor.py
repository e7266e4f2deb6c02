"""Como o corpo JSON de uma requisição é lido."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import IO, Any

import orjson
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser


class LeitorJson(BaseParser):
    """JSON em UTF-8 sem tolerâncias; um nome repetido num objeto é recusado.

    A RFC 8259, seção 4, não diz qual dos repetidos vale: quem lesse antes de nós poderia ver outro.
    """

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        corpo = stream.read()
        try:
            orjson.loads(corpo)  # json aceitaria NaN e metades de pares Unicode
            return json.loads(corpo, object_pairs_hook=_sem_repetidos)
        except (ValueError, RecursionError) as erro:
            raise ParseError from erro


def _sem_repetidos(pares: list[tuple[str, Any]]) -> dict[str, Any]:
    objeto = dict(pares)
    if len(objeto) < len(pares):
        raise ValueError("Nome repetido num objeto.")
    return objeto
