from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from ecommerce.erros import EntradaInvalida
from ecommerce.mensagens import ITENS_MAXIMO, METODOS, QUANTIDADE_MAXIMA
from ecommerce.textos import EMAIL_MAXIMO, NOME_MAXIMO, NOME_MINIMO, TOKEN_MAXIMO
from ecommerce.transporte.rest.api.campos import (
    Dinheiro,
    Estrito,
    Identificador,
    Instante,
    Inteiro,
    Texto,
)
from ecommerce.transporte.rest.mensagens import inteiro_exato, texto_exato
from pedidos.casos_de_uso import NovoPedido
from pedidos.dominio import Status
from pedidos.models import Pedido
from pedidos.vizinhos.vitrine import produtos_a_venda


class ItemNovo(Estrito):
    """Um produto e quantas peças dele; o preço é o do catálogo."""

    produto_id = Identificador(label="Produto", style={"opcoes": produtos_a_venda})
    quantidade = Inteiro(min_value=1, max_value=QUANTIDADE_MAXIMA)


class Cartao(Estrito):
    """O cartão, pelo token que a operadora deu."""

    token = Texto(
        max_length=TOKEN_MAXIMO,
        help_text="Na simulação: tok_aprovado, tok_recusado ou tok_lento.",
    )


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Compra no pix",
            {"cliente_id": 1, "itens": [{"produto_id": 1, "quantidade": 2}], "metodo": "pix"},
            request_only=True,
        )
    ]
)
class NovoPedidoSerializer(Estrito):
    """O que se manda para comprar."""

    cliente_id = Identificador(label="Cliente", help_text="O número do cliente.")
    itens = ItemNovo(many=True, min_length=1, max_length=ITENS_MAXIMO)  # type: ignore[call-arg]
    metodo = serializers.ChoiceField(label="Método", choices=METODOS)
    cartao = Cartao(
        label="Cartão", required=False, allow_null=True, help_text="Só com o método cartao_credito."
    )

    def para_novo_pedido(self) -> NovoPedido:
        """Levanta EntradaInvalida pelas regras que não são de forma."""
        dados: Any = self.validated_data
        return NovoPedido(
            cliente_id=dados["cliente_id"],
            itens=tuple((item["produto_id"], item["quantidade"]) for item in dados["itens"]),
            metodo=dados["metodo"],
            token_cartao=(dados.get("cartao") or {}).get("token"),
        )


def novo_pedido_de_json(dados: Any) -> NovoPedido:
    """O que se quer comprar. Levanta ValidationError ou EntradaInvalida, campo a campo."""
    try:
        return _novo_pedido_exato(**dados)  # sem o serializer, que custa 0,4 ms
    except (TypeError, EntradaInvalida):
        serializer = NovoPedidoSerializer(data=dados)
        serializer.is_valid(raise_exception=True)
        return serializer.para_novo_pedido()


def _novo_pedido_exato(
    *, cliente_id: Any, itens: Any, metodo: Any, cartao: Any = None
) -> NovoPedido:
    """O pedido, se já vem na forma em que o serializer o deixaria; os limites são os de NovoPedido.

    Levanta TypeError ou EntradaInvalida: dizer o que falta, ou aceitar assim, cabe ao serializer.
    """
    return NovoPedido(
        inteiro_exato(cliente_id),
        tuple([_item_exato(**item) for item in itens]),
        metodo,
        None if cartao is None else _token_exato(**cartao),
    )


def _item_exato(*, produto_id: Any, quantidade: Any) -> tuple[int, int]:
    return inteiro_exato(produto_id), inteiro_exato(quantidade)


def _token_exato(*, token: Any) -> str:
    return texto_exato(token)


class ItemDoPedidoSerializer(serializers.Serializer):
    produto_id = Identificador()
    nome = Texto()
    quantidade = Inteiro(min_value=1)
    preco_unitario = Dinheiro()


class PagamentoDoPedidoSerializer(serializers.Serializer):
    status = serializers.ChoiceField(choices=["pendente", "aprovado", "rejeitado", "estornado"])


class NotaDoPedidoSerializer(serializers.Serializer):
    numero = Texto()
    chave_acesso = Texto()


class EnvioDoPedidoSerializer(serializers.Serializer):
    status = serializers.ChoiceField(
        choices=["aguardando_envio", "enviado", "entregue", "cancelado"]
    )
    codigo_rastreamento = Texto()


class PedidoSerializer(serializers.Serializer):
    """Um pedido, em qualquer momento."""

    id = Identificador()
    cliente_id = Identificador()
    data_criacao = Instante()
    status = serializers.ChoiceField(choices=[str(s) for s in Status])
    motivo = Texto(allow_null=True)
    valor_total = Dinheiro()
    metodo = serializers.ChoiceField(choices=METODOS)
    itens = ItemDoPedidoSerializer(many=True)
    pagamento = PagamentoDoPedidoSerializer()
    nota_fiscal = NotaDoPedidoSerializer(allow_null=True)
    envio = EnvioDoPedidoSerializer(allow_null=True)

    def to_representation(self, instance: Pedido) -> dict[str, Any]:
        return vars(instance.retrato)


class NovoClienteSerializer(Estrito):
    """Quem passa a poder comprar."""

    nome = Texto(min_length=NOME_MINIMO, max_length=NOME_MAXIMO)
    email = serializers.EmailField(label="E-mail", max_length=EMAIL_MAXIMO)


class ClienteSerializer(serializers.Serializer):
    id = Identificador()
    nome = Texto()
    email = Texto()
