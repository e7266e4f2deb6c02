"""Páginas por cursor, da mais nova para a mais velha, sem contar as linhas."""

from __future__ import annotations

from typing import Any

from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request

from ecommerce.mensagens import ID_MAXIMO


class PaginaPorCursor(CursorPagination):
    """A chave primária ordena; `tamanho` (1 a 500) diz quantas linhas vêm por página."""

    ordering: str | tuple[str, ...] = "-pk"
    page_size = 50
    max_page_size = 500
    page_size_query_param = "tamanho"
    page_size_query_description = "Linhas por página, de 1 a 500."
    cursor_query_description = "Onde a página começa: copie de `next` ou `previous`."

    def get_page_size(self, request: Request) -> int:
        texto = request.query_params.get("tamanho", str(self.page_size))
        if not (_inteiro_curto(texto) and 1 <= int(texto) <= self.max_page_size):
            raise ValidationError({"tamanho": [f"Deve ser de 1 a {self.max_page_size}."]})
        return int(texto)

    def decode_cursor(self, request: Request) -> Cursor | None:
        try:
            cursor = super().decode_cursor(request)
        except NotFound:
            raise ValidationError({"cursor": ["Não é um cursor desta lista."]}) from None
        if cursor is None:
            return None
        posicao = str(cursor.position or 0)
        if not (_inteiro_curto(posicao) and int(posicao) <= ID_MAXIMO):
            raise ValidationError({"cursor": ["Não é um cursor desta lista."]})
        return cursor

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        corpo = super().get_paginated_response_schema(schema)
        corpo["required"] = ["next", "previous", "results"]
        for vizinha in ("next", "previous"):
            del corpo["properties"][vizinha]["example"]  # a do DRF é de um endereço inventado
        return corpo

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        parametros = super().get_schema_operation_parameters(view)
        for parametro in parametros:
            if parametro["name"] == "tamanho":
                parametro["schema"] |= {"minimum": 1, "maximum": self.max_page_size}
        return parametros


def _inteiro_curto(texto: str) -> bool:
    """Se é um inteiro sem sinal de até 19 dígitos: um texto enorme nem vale converter."""
    return texto.isascii() and texto.isdigit() and len(texto) <= 19
