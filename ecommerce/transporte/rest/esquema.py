"""O esquema OpenAPI: toda operação com entrada, resposta e os problemas que pode dar."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from ecommerce.transporte.rest.problemas import TIPO


class ProblemaSerializer(serializers.Serializer):
    """Um erro, como a RFC 9457 o descreve."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    codigo = serializers.CharField(help_text="Código estável, para programas.")
    erros = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="Do caminho do campo às mensagens.",
    )
    pedido_id = serializers.IntegerField(required=False)
    alcancado = serializers.CharField(
        required=False, help_text="Status até onde o pedido comprovadamente chegou."
    )
    trace_id = serializers.CharField(required=False)


def documentar(
    *,
    resumo: str,
    resposta: Any,
    entrada: Any = None,
    status: Iterable[int] = (200,),
    erros: Iterable[int] = (),
    **extra: Any,
) -> Callable[[Any], Any]:
    """Descreve uma operação; `erros` são os códigos HTTP além dos que toda operação tem."""
    respostas: dict[Any, Any] = dict.fromkeys(status, resposta)
    respostas |= {(codigo, TIPO): ProblemaSerializer for codigo in erros}
    return extend_schema(summary=resumo, request=entrada, responses=respostas, **extra)


class EsquemaComProblemas(AutoSchema):
    """Acrescenta a cada operação os problemas que ela pode dar por ser quem é."""

    def _get_response_bodies(self, direction: str = "response") -> dict[str, Any]:
        respostas = super()._get_response_bodies(direction)
        for codigo in self._problemas_comuns():
            if str(codigo) not in respostas:
                respostas[str(codigo)] = self._get_response_for_code(
                    ProblemaSerializer, str(codigo), [TIPO]
                )
        return dict(sorted(respostas.items()))

    def _problemas_comuns(self) -> list[int]:
        comuns = [400, 403, 406, 413, 500, 503]
        publica = getattr(self.view, "action", None) in getattr(self.view, "acoes_publicas", ())
        comuns.append(429 if publica else 401)
        if "{" in self.path:
            comuns.append(404)
        if self.get_request_serializer() is not None:
            comuns.append(415)
        return comuns


class EsquemaDaChave(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Como o esquema descreve `Authorization: Bearer`."""

    target_class = "ecommerce.transporte.rest.autenticacao.ChaveDeServico"
    name = "chave"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
