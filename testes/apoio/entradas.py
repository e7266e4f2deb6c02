"""A entrada de peças pelas duas portas do estoque, com os mesmos argumentos e a mesma resposta."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import grpc
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo

from ecommerce.contratos import estoque_pb2, estoque_pb2_grpc
from ecommerce.transporte.grpc.canal import abrir_canal
from laboratorio.sistema.processos import Sistema
from testes.apoio.portas import detalhe

# o saldo, ou o `codigo` da recusa com os campos que ela aponta
Ouvido = tuple[int, int, int, int] | tuple[str, tuple[str, ...]]
Dar = Callable[[int, int, str | None], Ouvido]


def por_rest(sistema: Sistema) -> Dar:
    def dar(produto_id: int, quantidade: int, chave: str | None) -> Ouvido:
        resposta = sistema.pedir(
            "POST",
            "estoque",
            f"/estoque/{produto_id}/entrada",
            chave="interna",
            json={"quantidade": quantidade},
            headers={} if chave is None else {"Idempotency-Key": chave.encode()},
        )
        corpo = resposta.json()
        if not resposta.ok:
            assert resposta.status_code == {"chave_reutilizada": 422}.get(corpo["codigo"], 400)
            return corpo["codigo"], tuple(corpo.get("erros", ()))
        return corpo["produto_id"], corpo["disponivel"], corpo["separado"], corpo["entradas"]

    return dar


def por_grpc(canal: grpc.Channel) -> Dar:
    stub = estoque_pb2_grpc.EstoqueStub(canal)

    def dar(produto_id: int, quantidade: int, chave: str | None) -> Ouvido:
        metadados = [("authorization", "Bearer interna")]
        metadados += [] if chave is None else [("idempotency-key", chave)]
        requisicao = estoque_pb2.RegistrarEntradaRequest(
            produto_id=produto_id, quantidade=quantidade
        )
        try:
            saldo = stub.RegistrarEntrada(requisicao, metadata=metadados, timeout=30)
        except grpc.RpcError as falha:
            codigo = detalhe(falha, ErrorInfo).reason
            reutilizada = falha.code() is grpc.StatusCode.FAILED_PRECONDITION
            assert reutilizada == (codigo == "chave_reutilizada")
            campos = detalhe(falha, BadRequest).field_violations
            return codigo, tuple(campo.field for campo in campos)
        return saldo.produto_id, saldo.disponivel, saldo.separado, saldo.entradas

    return dar


@contextmanager
def duas_portas(sistema: Sistema) -> Iterator[tuple[Dar, Dar]]:
    with abrir_canal(sistema.alvo("estoque")) as canal:
        yield por_rest(sistema), por_grpc(canal)


def vinte_ao_mesmo_tempo(sistema: Sistema, produto_id: int) -> set[Ouvido]:
    """O que ouvem vinte entradas de 7 peças com a mesma chave, dez por cada porta."""
    with duas_portas(sistema) as portas, ThreadPoolExecutor(20) as equipe:
        chave = f"vinte-{produto_id}"
        return set(equipe.map(lambda n: portas[n % 2](produto_id, 7, chave), range(20)))
