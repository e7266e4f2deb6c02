"""O esquema OpenAPI: toda operação com entrada, resposta e os problemas que pode dar."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any, Literal

from drf_spectacular.authentication import SessionScheme
from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers

from ecommerce.acesso import Quem, permissao_de, quem_pode
from ecommerce.erros import CODIGOS
from ecommerce.mensagens import ID_MAXIMO
from ecommerce.transporte.rest.acesso import caso_da
from ecommerce.transporte.rest.erros import TIPO

ID = {"type": "integer", "format": "int64", "minimum": 1, "maximum": ID_MAXIMO}
CHAVE = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]([ -~]*[!-~])?$"},
    location=OpenApiParameter.HEADER,
    description="Nomeia a requisição: repetida com o mesmo corpo, nada se faz outra vez.",
)


class ProblemaSerializer(serializers.Serializer):
    """Um erro, como a RFC 9457 o descreve."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    codigo = serializers.ChoiceField(
        choices=CODIGOS, help_text="Código estável do erro, para programas."
    )
    erros = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="Para cada campo recusado, as mensagens.",
    )
    pedido_id = serializers.IntegerField(required=False)
    situacao = serializers.CharField(
        required=False, help_text="Status em que ficou o passo de quem recusou o pedido."
    )
    alcancado = serializers.CharField(
        required=False, help_text="Último status a que se sabe que o pedido chegou."
    )
    trace_id = serializers.CharField(required=False)


def documentar(
    *,
    resumo: str,
    resposta: Any,
    entrada: Any = None,
    status: Iterable[int] = (200,),
    erros: Iterable[int] = (),
    parameters: Iterable[Any] = (),
) -> Callable[[Any], Any]:
    """Descreve uma operação; `erros` são os códigos HTTP além dos que toda operação tem.

    Quem responde 201 ou 202 diz em `Location` onde está o recurso (RFC 9110, 10.2.2 e 15.3.3).
    """
    respostas: dict[Any, Any] = dict.fromkeys(status, resposta)
    respostas |= {(codigo, TIPO): ProblemaSerializer for codigo in erros}
    if com_endereco := [codigo for codigo in status if codigo in (201, 202)]:
        parameters = [*parameters, _endereco(com_endereco)]
    return extend_schema(
        summary=resumo, request=entrada, responses=respostas, parameters=[*parameters]
    )


def _endereco(status: list[int]) -> OpenApiParameter:
    return OpenApiParameter(
        "Location",
        str,
        OpenApiParameter.HEADER,
        response=status,
        description="Endereço do recurso, para consultar depois.",
    )


class EsquemaComProblemas(AutoSchema):
    """Acrescenta a cada operação os problemas que ela pode dar por ser quem é."""

    def get_summary(self) -> str:
        return super().get_summary() or self.get_description().rstrip(".")

    def get_auth(self) -> list[dict[str, Any]]:
        if self._aberta_a_todos():
            return []
        de_pessoas = permissao_de(self._caso_de_uso()) is not None
        return [modo for modo in super().get_auth() if de_pessoas or SessionScheme.name not in modo]

    def _resolve_path_parameters(self, variables: list[str]) -> list[dict[str, Any]]:
        return [{"name": v, "in": "path", "required": True, "schema": ID} for v in variables]

    def _map_serializer_field(
        self,
        field: Any,
        direction: Literal["request", "response"],
        bypass_extensions: bool = False,
    ) -> dict[str, Any]:
        esquema = super()._map_serializer_field(field, direction, bypass_extensions)
        lista: Any = field  # os tipos do DRF não contam os limites de uma lista
        if isinstance(field, serializers.ListSerializer) and lista.max_length:
            esquema |= {"minItems": lista.min_length, "maxItems": lista.max_length}
        return esquema

    def _get_response_bodies(
        self, direction: Literal["request", "response"] = "response"
    ) -> dict[str, Any]:
        respostas = super()._get_response_bodies(direction)
        for codigo in map(str, self._problemas_comuns()):
            respostas.setdefault(
                codigo, self._get_response_for_code(ProblemaSerializer, codigo, [TIPO])
            )
        for codigo, resposta in respostas.items():
            resposta["description"] = resposta["description"] or HTTPStatus(int(codigo)).phrase
        return dict(sorted(respostas.items()))

    def _problemas_comuns(self) -> list[int]:
        comuns = [400, 406, 413, 500, 503]
        if self.view.get_authenticators():
            comuns += [403, 429] if self._aberta_a_todos() else [401, 403]
        if "{" in self.path:
            comuns.append(404)
        if self.method == "POST":
            comuns.append(415)
        return comuns

    def _aberta_a_todos(self) -> bool:
        return quem_pode(self._caso_de_uso()) is Quem.TODOS

    def _caso_de_uso(self) -> object:
        return caso_da(self.view, getattr(self.view, "action", None))


class EsquemaEstrito(OpenApiSerializerExtension):
    """Diz no esquema o que `Estrito` faz: campos desconhecidos são recusados."""

    target_class = "ecommerce.transporte.rest.api.campos.Estrito"
    match_subclasses = True

    def map_serializer(
        self, auto_schema: AutoSchema, direction: Literal["request", "response"]
    ) -> dict[str, Any]:
        esquema = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        return esquema | {"additionalProperties": False}


class EsquemaDaChave(OpenApiAuthenticationExtension):
    """Como o esquema descreve `Authorization: Bearer`."""

    target_class = "ecommerce.transporte.rest.acesso.ChaveDeServico"
    name = "chave"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
