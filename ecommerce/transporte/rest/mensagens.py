"""As mensagens da cadeia em JSON: a ordem que desce e as linhas que sobem."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from ecommerce.erros import Indisponivel
from ecommerce.mensagens import (
    EMAIL_MAXIMO,
    ITENS_MAXIMO,
    METODOS,
    NOME_MAXIMO,
    QUANTIDADE_MAXIMA,
    TOKEN_MAXIMO,
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
from ecommerce.transporte.rest.campos import (
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
    nome = Texto(max_length=NOME_MAXIMO)
    email = Texto(max_length=EMAIL_MAXIMO)


class ItemDaOrdem(Estrito):
    """Um produto, com o preço da hora da compra."""

    produto_id = Identificador()
    nome = Texto(max_length=NOME_MAXIMO)
    quantidade = Inteiro(min_value=1, max_value=QUANTIDADE_MAXIMA)
    preco_unitario = Dinheiro()


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

    pedido_id = Identificador()
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
    """O corpo JSON de um passo; o dinheiro vira texto ao ser serializado."""
    return asdict(ordem)


def andamento_para_json(passo: str, andamento: Andamento) -> dict[str, Any]:
    """A linha do serviço que responde, com as dos passos abaixo dele ao lado."""
    linhas = asdict(andamento)
    abaixo = {"envio": linhas["envio"]}
    if passo == "logistica":
        return linhas["envio"]
    if passo == "fiscal":
        return linhas["nota"] | abaixo
    abaixo["nota_fiscal"] = linhas["nota"]
    if passo == "estoque":
        return linhas["separacao"] | abaixo
    return linhas["pagamento"] | abaixo | {"separacao": linhas["separacao"]}


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


def andamento_de_json(passo: str, dados: Any) -> Andamento:
    """O que a cadeia fez de `passo` (o serviço que respondeu) até o fim.

    Levanta Indisponivel se falta algo na resposta.
    """
    try:
        if passo == "logistica":
            return Andamento(envio=envio_de_json(dados))
        envio = envio_de_json(dados["envio"])
        if passo == "fiscal":
            return Andamento(envio, nota_de_json(dados))
        nota = nota_de_json(dados["nota_fiscal"])
        if passo == "estoque":
            return Andamento(envio, nota, separacao_de_json(dados))
        return Andamento(
            envio, nota, separacao_de_json(dados["separacao"]), pagamento_de_json(dados)
        )
    except (KeyError, TypeError, ValueError, ArithmeticError) as erro:
        raise Indisponivel(f"O serviço {passo} respondeu o que não se entende.") from erro


def _reais(texto: str | None) -> Decimal | None:
    return None if texto is None else Decimal(texto)


def _instante(texto: str | None) -> datetime | None:
    return None if texto is None else datetime.fromisoformat(texto)
