"""As mensagens da cadeia em JSON: a ordem que desce e as linhas que sobem."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from ecommerce.erros import EntradaInvalida
from ecommerce.mensagens import (
    IMPRESSAO,
    ITENS_MAXIMO,
    METODOS,
    PEDIDO_MAXIMO,
    QUANTIDADE_MAXIMA,
    Andamento,
    Cliente,
    Item,
    ItemSeparado,
    LinhaEnvio,
    LinhaNota,
    LinhaPagamento,
    LinhaSeparacao,
    Ordem,
)
from ecommerce.textos import (
    EMAIL_MAXIMO,
    NOME_MAXIMO,
    NOME_MINIMO,
    PRODUTO_MAXIMO,
    TOKEN_MAXIMO,
)
from ecommerce.transporte.rest.api.campos import (
    Dinheiro,
    Estrito,
    Identificador,
    Instante,
    Inteiro,
    Texto,
)


class ClienteDaOrdem(Estrito):
    """Quem compra, como a nota o identifica."""

    id = Identificador()
    nome = Texto(min_length=NOME_MINIMO, max_length=NOME_MAXIMO)
    email = Texto(max_length=EMAIL_MAXIMO)


class ItemDaOrdem(Estrito):
    """Um produto, com o preço da hora da compra."""

    produto_id = Identificador()
    nome = Texto(max_length=PRODUTO_MAXIMO)
    quantidade = Inteiro(min_value=1, max_value=QUANTIDADE_MAXIMA)
    preco_unitario = Dinheiro()


class DesfazerSerializer(Estrito):
    """O que desfazer: com a impressão digital da ordem, só o que é dela."""

    impressao = serializers.RegexField(IMPRESSAO, allow_null=True, default=None)


_COM_CENTAVOS = re.compile("[0-9]{1,10}[.][0-9]{2}")
_EXEMPLO = {
    "pedido_id": 101,
    "cliente": {"id": 1, "nome": "Ana Souza", "email": "ana@exemplo.com"},
    "metodo": "pix",
    "token_cartao": None,
    "valor_total": "123.40",
    "itens": [{"produto_id": 1, "nome": "Caneca", "quantidade": 2, "preco_unitario": "61.70"}],
}


@extend_schema_serializer(examples=[OpenApiExample("Um item no pix", _EXEMPLO, request_only=True)])
class OrdemSerializer(Estrito):
    """O corpo comum aos quatro passos da cadeia."""

    pedido_id = Identificador(max_value=PEDIDO_MAXIMO)
    cliente = ClienteDaOrdem()
    metodo = serializers.ChoiceField(choices=METODOS)
    token_cartao = Texto(max_length=TOKEN_MAXIMO, allow_null=True, default=None)
    valor_total = Dinheiro()
    itens = ItemDaOrdem(many=True, min_length=1, max_length=ITENS_MAXIMO)  # type: ignore[call-arg]

    def para_ordem(self) -> Ordem:
        """A ordem já validada. Levanta EntradaInvalida pelas regras que não são de forma."""
        dados: Any = self.validated_data
        return Ordem(
            pedido_id=dados["pedido_id"],
            cliente=Cliente(**dados["cliente"]),
            metodo=dados["metodo"],
            token_cartao=dados["token_cartao"],
            valor_total=dados["valor_total"],
            itens=tuple(Item(**item) for item in dados["itens"]),
        )


def ordem_de_json(dados: Any) -> Ordem:
    """A ordem que desce a cadeia. Levanta ValidationError ou EntradaInvalida, campo a campo."""
    try:
        return _ordem_exata(**dados)  # sem o serializer, que custa 0,5 ms
    except (TypeError, EntradaInvalida):
        serializer = OrdemSerializer(data=dados)
        serializer.is_valid(raise_exception=True)
        return serializer.para_ordem()


def _ordem_exata(
    *, pedido_id: Any, cliente: Any, metodo: Any, token_cartao: Any, valor_total: Any, itens: Any
) -> Ordem:
    """A ordem, se já vem na forma em que o serializer a deixaria; os limites são os de Ordem.

    Levanta TypeError ou EntradaInvalida: dizer o que falta, ou aceitar assim, cabe ao serializer.
    """
    return Ordem(
        inteiro_exato(pedido_id),
        _cliente_exato(**cliente),
        metodo,
        None if token_cartao is None else texto_exato(token_cartao),
        _reais_exatos(valor_total),
        tuple([_item_exato(**item) for item in itens]),
    )


def _cliente_exato(*, id: Any, nome: Any, email: Any) -> Cliente:
    return Cliente(inteiro_exato(id), texto_exato(nome), texto_exato(email))


def _item_exato(*, produto_id: Any, nome: Any, quantidade: Any, preco_unitario: Any) -> Item:
    return Item(
        inteiro_exato(produto_id),
        texto_exato(nome),
        inteiro_exato(quantidade),
        _reais_exatos(preco_unitario),
    )


def inteiro_exato(valor: Any) -> int:
    """O inteiro JSON. Levanta TypeError se não é um."""
    if type(valor) is not int:
        raise TypeError
    return valor


def texto_exato(valor: Any) -> str:
    """O texto JSON. Levanta TypeError se não é um."""
    if type(valor) is not str:
        raise TypeError
    return valor


def _reais_exatos(valor: Any) -> Decimal:
    if type(valor) is not str or not _COM_CENTAVOS.fullmatch(valor):
        raise TypeError
    return Decimal(valor)


class PagamentoSerializer(serializers.Serializer):
    pedido_id = Identificador()
    status = serializers.ChoiceField(choices=["aprovado", "rejeitado", "estornado"])
    metodo = serializers.ChoiceField(choices=METODOS, allow_null=True)
    valor = Dinheiro(allow_null=True)
    data_processamento = Instante(allow_null=True)


class ItemSeparadoSerializer(serializers.Serializer):
    produto_id = Identificador()
    quantidade = Inteiro(min_value=1)


class SeparacaoSerializer(serializers.Serializer):
    pedido_id = Identificador()
    status = serializers.ChoiceField(choices=["separado", "recusado", "liberado"])
    itens = ItemSeparadoSerializer(many=True)


class NotaSerializer(serializers.Serializer):
    pedido_id = Identificador()
    numero = Texto(allow_null=True)
    serie = Inteiro(allow_null=True)
    chave_acesso = Texto(allow_null=True)
    valor = Dinheiro(allow_null=True)
    status = serializers.ChoiceField(choices=["emitida", "cancelada"])
    data_emissao = Instante(allow_null=True)


class EnvioSerializer(serializers.Serializer):
    pedido_id = Identificador()
    codigo_rastreamento = Texto(allow_null=True)
    status = serializers.ChoiceField(
        choices=["aguardando_envio", "enviado", "entregue", "cancelado"]
    )
    data_despacho = Instante(allow_null=True)


def ordem_para_json(ordem: Ordem) -> dict[str, Any]:
    """O corpo JSON de um passo: o orjson lê os dataclasses de dentro, e o dinheiro vira texto."""
    return {campo: getattr(ordem, campo) for campo in Ordem.__dataclass_fields__}


def andamento_para_json(passo: str, andamento: Andamento) -> dict[str, Any]:
    """A linha do serviço que responde, com as dos passos abaixo dele ao lado."""
    abaixo: dict[str, Any] = {"envio": andamento.envio}
    if passo == "logistica":
        return vars(andamento.envio)
    if passo == "fiscal":
        return vars(andamento.nota) | abaixo
    abaixo["nota_fiscal"] = andamento.nota
    if passo == "estoque":
        return vars(andamento.separacao) | abaixo
    return vars(andamento.pagamento) | abaixo | {"separacao": andamento.separacao}


def envio_de_json(dados: Any) -> LinhaEnvio:
    return LinhaEnvio(
        dados["pedido_id"],
        dados["codigo_rastreamento"],
        dados["status"],
        _instante(dados["data_despacho"]),
    )


def nota_de_json(dados: Any) -> LinhaNota:
    return LinhaNota(
        dados["pedido_id"],
        dados["numero"],
        dados["serie"],
        dados["chave_acesso"],
        _reais(dados["valor"]),
        dados["status"],
        _instante(dados["data_emissao"]),
    )


def separacao_de_json(dados: Any) -> LinhaSeparacao:
    itens = tuple(ItemSeparado(i["produto_id"], i["quantidade"]) for i in dados["itens"])
    return LinhaSeparacao(dados["pedido_id"], dados["status"], itens)


def pagamento_de_json(dados: Any) -> LinhaPagamento:
    return LinhaPagamento(
        dados["pedido_id"],
        dados["status"],
        dados["metodo"],
        _reais(dados["valor"]),
        _instante(dados["data_processamento"]),
    )


def andamento_do_envio(dados: Any) -> Andamento:
    """O que a cadeia fez da logística até o fim."""
    return Andamento(envio_de_json(dados))


def andamento_da_nota(dados: Any) -> Andamento:
    """O que a cadeia fez do fiscal até o fim."""
    return Andamento(envio_de_json(dados["envio"]), nota_de_json(dados))


def andamento_da_separacao(dados: Any) -> Andamento:
    """O que a cadeia fez do estoque até o fim."""
    return Andamento(
        envio_de_json(dados["envio"]),
        nota_de_json(dados["nota_fiscal"]),
        separacao_de_json(dados),
    )


def andamento_do_pagamento(dados: Any) -> Andamento:
    """O que a cadeia fez de pagamentos até o fim."""
    return Andamento(
        envio_de_json(dados["envio"]),
        nota_de_json(dados["nota_fiscal"]),
        separacao_de_json(dados["separacao"]),
        pagamento_de_json(dados),
    )


def _reais(texto: str | None) -> Decimal | None:
    return None if texto is None else Decimal(texto)


def _instante(texto: str | None) -> datetime | None:
    return None if texto is None else datetime.fromisoformat(texto)
