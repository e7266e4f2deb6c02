"""As mensagens da cadeia em protobuf, direto de e para as dataclasses: sem JSON no meio."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, TypeVar

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from ecommerce.contratos import cadeia_pb2, estoque_pb2, fiscal_pb2, logistica_pb2, pagamento_pb2
from ecommerce.dinheiro import de_centavos, para_centavos
from ecommerce.erros import EntradaInvalida, Indisponivel
from ecommerce.mensagens import (
    Andamento,
    Cliente,
    Item,
    ItemSeparado,
    LinhaEnvio,
    LinhaNota,
    LinhaPagamento,
    LinhaSeparacao,
    Ordem,
    exigir_impressao,
    validar_id,
)

Requisicao = TypeVar("Requisicao", bound=Message)
Linha = TypeVar("Linha")


def opcional(mensagem: Any, campo: str) -> Any:
    """O valor de um campo `optional`, ou None se não veio."""
    return getattr(mensagem, campo) if mensagem.HasField(campo) else None


def instante(momento: datetime | None) -> Timestamp | None:
    """O Timestamp de um instante; None fica None."""
    if momento is None:
        return None
    marca = Timestamp()
    marca.FromDatetime(momento)
    return marca


def ordem_para_proto(ordem: Ordem, tipo: type[Requisicao]) -> Requisicao:
    """A ordem na mensagem de um dos quatro passos, que têm todas os mesmos campos."""
    cliente = ordem.cliente
    return tipo(
        pedido_id=ordem.pedido_id,
        cliente=cadeia_pb2.Cliente(id=cliente.id, nome=cliente.nome, email=cliente.email),
        metodo=ordem.metodo,
        token_cartao=ordem.token_cartao,
        valor_total_centavos=para_centavos(ordem.valor_total),
        itens=[
            cadeia_pb2.Item(
                produto_id=item.produto_id,
                nome=item.nome,
                quantidade=item.quantidade,
                preco_unitario_centavos=para_centavos(item.preco_unitario),
            )
            for item in ordem.itens
        ],
    )


def ordem_de_proto(requisicao: Any) -> Ordem:
    """A ordem que a mensagem traz. Levanta EntradaInvalida."""
    return Ordem(
        pedido_id=requisicao.pedido_id,
        cliente=Cliente(requisicao.cliente.id, requisicao.cliente.nome, requisicao.cliente.email),
        metodo=requisicao.metodo,
        token_cartao=opcional(requisicao, "token_cartao"),
        valor_total=de_centavos(requisicao.valor_total_centavos),
        itens=tuple(
            Item(i.produto_id, i.nome, i.quantidade, de_centavos(i.preco_unitario_centavos))
            for i in requisicao.itens
        ),
    )


def pedido_id_de(requisicao: Any) -> int:
    """O número de um pedido. Levanta EntradaInvalida se não é positivo."""
    if erros := validar_id(requisicao.pedido_id, "pedido_id"):
        raise EntradaInvalida(erros)
    return int(requisicao.pedido_id)


def desfazer_de(requisicao: Any) -> dict[str, Any]:
    """O `pedido_id` e a `impressao` de um desfazer. Levanta EntradaInvalida."""
    impressao = exigir_impressao(opcional(requisicao, "impressao"))
    return {"pedido_id": pedido_id_de(requisicao), "impressao": impressao}


def envio_para_proto(envio: LinhaEnvio) -> logistica_pb2.EnvioResponse:
    return logistica_pb2.EnvioResponse(
        pedido_id=envio.pedido_id,
        codigo_rastreamento=envio.codigo_rastreamento,
        status=envio.status,
        data_despacho=instante(envio.data_despacho),
    )


def nota_para_proto(
    nota: LinhaNota, abaixo: logistica_pb2.EnvioResponse | None = None
) -> fiscal_pb2.NotaFiscalResponse:
    return fiscal_pb2.NotaFiscalResponse(
        pedido_id=nota.pedido_id,
        numero=nota.numero,
        serie=nota.serie,
        chave_acesso=nota.chave_acesso,
        valor_centavos=_centavos(nota.valor),
        status=nota.status,
        data_emissao=instante(nota.data_emissao),
        envio=abaixo,
    )


def separacao_para_proto(
    separacao: LinhaSeparacao, abaixo: fiscal_pb2.NotaFiscalResponse | None = None
) -> estoque_pb2.SeparacaoResponse:
    return estoque_pb2.SeparacaoResponse(
        pedido_id=separacao.pedido_id,
        status=separacao.status,
        itens=[
            estoque_pb2.ItemSeparado(produto_id=i.produto_id, quantidade=i.quantidade)
            for i in separacao.itens
        ],
        nota_fiscal=abaixo,
    )


def pagamento_para_proto(
    pagamento: LinhaPagamento, abaixo: estoque_pb2.SeparacaoResponse | None = None
) -> pagamento_pb2.PagamentoResponse:
    return pagamento_pb2.PagamentoResponse(
        pedido_id=pagamento.pedido_id,
        sucesso=pagamento.status == "aprovado",
        mensagem=f"Pagamento {pagamento.status}",
        status=pagamento.status,
        metodo=pagamento.metodo,
        valor_centavos=_centavos(pagamento.valor),
        data_processamento=instante(pagamento.data_processamento),
        separacao=abaixo,
    )


def nota_e_abaixo(andamento: Andamento) -> fiscal_pb2.NotaFiscalResponse:
    """O que a cadeia fez do fiscal até o fim."""
    return nota_para_proto(_feita(andamento.nota), envio_para_proto(andamento.envio))


def separacao_e_abaixo(andamento: Andamento) -> estoque_pb2.SeparacaoResponse:
    """O que a cadeia fez do estoque até o fim."""
    return separacao_para_proto(_feita(andamento.separacao), nota_e_abaixo(andamento))


def pagamento_e_abaixo(andamento: Andamento) -> pagamento_pb2.PagamentoResponse:
    """O que a cadeia fez de pagamentos até o fim."""
    return pagamento_para_proto(_feita(andamento.pagamento), separacao_e_abaixo(andamento))


def _feita(linha: Linha | None) -> Linha:
    if linha is None:
        raise Indisponivel("A cadeia respondeu sem um dos passos.")
    return linha


def envio_de_proto(resposta: Any) -> LinhaEnvio:
    return LinhaEnvio(
        resposta.pedido_id,
        opcional(resposta, "codigo_rastreamento"),
        resposta.status,
        _momento(resposta, "data_despacho"),
    )


def nota_de_proto(resposta: Any) -> LinhaNota:
    return LinhaNota(
        resposta.pedido_id,
        opcional(resposta, "numero"),
        opcional(resposta, "serie"),
        opcional(resposta, "chave_acesso"),
        _reais(resposta, "valor_centavos"),
        resposta.status,
        _momento(resposta, "data_emissao"),
    )


def separacao_de_proto(resposta: Any) -> LinhaSeparacao:
    itens = tuple(ItemSeparado(i.produto_id, i.quantidade) for i in resposta.itens)
    return LinhaSeparacao(resposta.pedido_id, resposta.status, itens)


def pagamento_de_proto(resposta: Any) -> LinhaPagamento:
    return LinhaPagamento(
        resposta.pedido_id,
        resposta.status,
        opcional(resposta, "metodo"),
        _reais(resposta, "valor_centavos"),
        _momento(resposta, "data_processamento"),
    )


def andamento_do_envio(envio: Any) -> Andamento:
    """O que a cadeia fez da logística até o fim. Levanta Indisponivel se falta a resposta dela."""
    if not envio.status:
        raise Indisponivel("A cadeia respondeu sem um dos passos.")
    return Andamento(envio_de_proto(envio))


def andamento_da_nota(nota: Any) -> Andamento:
    """O que a cadeia fez do fiscal até o fim."""
    return replace(andamento_do_envio(nota.envio), nota=nota_de_proto(nota))


def andamento_da_separacao(separacao: Any) -> Andamento:
    """O que a cadeia fez do estoque até o fim."""
    abaixo = andamento_da_nota(separacao.nota_fiscal)
    return replace(abaixo, separacao=separacao_de_proto(separacao))


def andamento_do_pagamento(pagamento: Any) -> Andamento:
    """O que a cadeia fez de pagamentos até o fim."""
    abaixo = andamento_da_separacao(pagamento.separacao)
    return replace(abaixo, pagamento=pagamento_de_proto(pagamento))


def _centavos(valor: Decimal | None) -> int | None:
    return None if valor is None else para_centavos(valor)


def _reais(resposta: Any, campo: str) -> Decimal | None:
    centavos = opcional(resposta, campo)
    return None if centavos is None else de_centavos(centavos)


def _momento(resposta: Any, campo: str) -> datetime | None:
    marca = opcional(resposta, campo)
    return None if marca is None else marca.ToDatetime(UTC)
