"""O que as views de todos os serviços têm em comum, e as de saúde."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest
from django.urls import register_converter
from django.urls.converters import IntConverter
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.metadata import SimpleMetadata
from rest_framework.permissions import AllowAny
from rest_framework.request import Request, override_method
from rest_framework.response import Response
from rest_framework.routers import APIRootView
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from ecommerce.mensagens import ID_MAXIMO
from ecommerce.transporte.rest.acesso import pode
from ecommerce.transporte.rest.api.esquema import ProblemaSerializer
from ecommerce.transporte.rest.erros import TIPO


class IdNoCaminho(IntConverter):
    """Um id positivo de 64 bits, escrito de um jeito só; outro texto é um endereço que não há."""

    regex = "[1-9][0-9]{0,18}"

    def to_python(self, value: str) -> int:
        if int(value) > ID_MAXIMO:
            raise ValueError("Passa de 64 bits.")
        return int(value)


register_converter(IdNoCaminho, "id")


class Metadados(SimpleMetadata):
    """O que OPTIONS diz: o corpo que a ação pede, e só a quem pode pedi-la."""

    def determine_actions(self, request: Request, view: Any) -> dict[str, Any]:
        with override_method(view, request, "POST") as envio:
            return super().determine_actions(envio, view)


class ServicoViewSet(GenericViewSet):
    """Base das views: cada ação traduz, chama um caso de uso e traduz de volta."""

    # o caso de uso de cada ação que não é só da chave interna (ecommerce/acesso.py)
    casos: dict[str, Callable[..., Any]] = {}
    entradas: dict[str, type[serializers.BaseSerializer]] = {}
    lookup_value_converter = "id"
    metadata_class = Metadados

    def get_serializer_class(self) -> type[serializers.BaseSerializer]:
        return self.entradas.get(self.action or "", super().get_serializer_class())

    def get_extra_action_url_map(self) -> dict[str, str]:
        """Na página da API, um botão só para cada ação que quem a vê pode pedir."""
        acoes: Any = self.get_extra_actions()
        seus = {a.kwargs["name"] for a in acoes if pode(self.request.user, self, a.__name__)}
        botoes = super().get_extra_action_url_map().items()
        return {nome: url for nome, url in botoes if nome in seus}

    def ler(self) -> Any:
        """O serializer da ação, com a entrada já validada."""
        serializer = self.get_serializer(data=self.request.data)
        serializer.is_valid(raise_exception=True)
        return serializer


def criado(corpo: Any, endereco: str) -> Response:
    """201 com o que se acaba de criar; `endereco` é o caminho em que isso fica."""
    return Response(corpo, 201, headers={"Location": endereco})


class SemEntrada(serializers.Serializer):
    """Uma ação que não precisa de corpo."""


class SituacaoSerializer(serializers.Serializer):
    situacao = serializers.CharField()


class Inicio(APIRootView):
    """Os recursos deste serviço."""

    permission_classes = [AllowAny]


class Saude(APIView):
    """O processo está vivo."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]
    throttle_classes: list[Any] = []

    @extend_schema(summary="O processo está vivo", responses=SituacaoSerializer, auth=[])
    def get(self, request: HttpRequest) -> Response:
        return Response({"situacao": "vivo"})


class Prontidao(APIView):
    """O banco deste serviço atende; dos vizinhos não se diz nada."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]
    throttle_classes: list[Any] = []

    @extend_schema(
        summary="O banco deste serviço atende",
        responses={200: SituacaoSerializer, (503, TIPO): ProblemaSerializer},
        auth=[],
    )
    def get(self, request: HttpRequest) -> Response:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM operacoes_operacao LIMIT 1")
        return Response({"situacao": "pronto"})
