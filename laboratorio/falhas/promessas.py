"""O que se prometeu a quem comprou: I5 e I8, que só ele sabe conferir, e a auditoria do resto."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Any

import grpc

from ecommerce.contratos import pedido_pb2, pedido_pb2_grpc
from ecommerce.transporte.grpc.canal import abrir_canal
from ecommerce.transporte.grpc.erros import ler_erro
from laboratorio.carga.encomendas import encomendas
from laboratorio.carga.registros import Registros
from laboratorio.sistema.processos import CHAVES, Sistema
from pedidos.dominio import INACABADOS

AO_MESMO_TEMPO = 4
ESPERA_S = 30
FINAIS = ("concluido", "recusado")
Resposta = tuple[str, int | None]


@dataclass(frozen=True)
class Confirmada:
    """Uma compra confirmada (a resposta trouxe `pedido_id`), como quem a fez se lembra dela."""

    pedido_id: int
    chave: str
    desfecho: str
    corpo: dict[str, Any]


def confirmadas(registros: Registros, semente: int) -> list[Confirmada]:
    """As compras que os registros dizem confirmadas, com o que a semente mandou comprar."""
    corpos = list(islice(encomendas(semente), len(registros.pedidos)))
    return [
        Confirmada(r.pedido_id, r.chave, r.desfecho, corpos[int(r.chave.rpartition("-")[2])])
        for r in registros.pedidos
        if r.pedido_id is not None
    ]


def auditar(sistema: Sistema, compras: Sequence[Confirmada]) -> dict[str, Any]:
    """O laudo de `manage.py auditar --json`, com I5 e I8 conferidas pelo que os clientes ouviram.

    Levanta RuntimeError se a auditoria não termina.
    """
    guardados = ler_pedidos(sistema)
    perdidas = [n for compra in compras if (n := _perdida(compra, guardados))]
    mudadas = _repetidas(sistema, compras)
    laudo = sistema.auditar()
    for nome, ids, detalhe in (
        ("I5", perdidas, "o pedido confirmado não está lá, ou não é o que se comprou"),
        ("I8", mudadas, "a mesma chave teve outra resposta"),
    ):
        if ids:
            laudo["violacoes"].append({"invariante": nome, "ids": ids, "detalhe": detalhe})
    return laudo


def terminadas(sistema: Sistema, compras: Sequence[Confirmada]) -> int:
    """Quantas das compras confirmadas chegaram a um fim."""
    guardados = ler_pedidos(sistema)
    fins = (guardados.get(compra.pedido_id, {}).get("status", "pendente") for compra in compras)
    return sum(fim not in INACABADOS for fim in fins)


def ler_pedidos(sistema: Sistema) -> dict[int, dict[str, Any]]:
    """Todos os pedidos, pelas páginas da API."""
    return {pedido["id"]: pedido for pedido in sistema.listar("pedidos", "/pedidos?tamanho=500")}


def _perdida(compra: Confirmada, guardados: dict[int, dict[str, Any]]) -> int | None:
    """O número do pedido, se o que está guardado desmente a compra."""
    guardado = guardados.get(compra.pedido_id)
    if guardado:
        itens = [{c: i[c] for c in ("produto_id", "quantidade")} for i in guardado["itens"]]
        lembrado = {c: guardado[c] for c in ("cliente_id", "metodo")} | {"itens": itens}
        enviado = guardado["status"] == "enviado"
        if lembrado == compra.corpo and (enviado or compra.desfecho != "concluido"):
            return None
    return compra.pedido_id


def _repetidas(sistema: Sistema, compras: Sequence[Confirmada]) -> list[int]:
    """Os pedidos cujas compras, repetidas pelas duas portas, não ouvem o mesmo que antes."""
    with (
        abrir_canal(sistema.alvo("pedidos")) as canal,
        ThreadPoolExecutor(AO_MESMO_TEMPO) as executor,
    ):
        stub = pedido_pb2_grpc.PedidoStub(canal)

        def ouvidas(compra: Confirmada) -> set[Resposta]:
            return {_por_rest(sistema, compra), _por_grpc(stub, compra)}

        return [
            compra.pedido_id
            for compra, respostas in zip(compras, executor.map(ouvidas, compras), strict=True)
            if not _coerentes(compra, respostas)
        ]


def _coerentes(compra: Confirmada, respostas: set[Resposta]) -> bool:
    """Se todas as respostas são a mesma, final, e a de antes, se a de antes já era final."""
    finais = (compra.desfecho,) if compra.desfecho in FINAIS else FINAIS
    return len(respostas) == 1 and respostas <= {(fim, compra.pedido_id) for fim in finais}


def _por_rest(sistema: Sistema, compra: Confirmada) -> Resposta:
    chave = {"Idempotency-Key": compra.chave}
    resposta = sistema.pedir("POST", "pedidos", "/pedidos", json=compra.corpo, headers=chave)
    dados = resposta.json()
    desfecho = {201: "concluido", 422: "recusado"}.get(resposta.status_code, dados.get("codigo"))
    return desfecho, dados.get("id", dados.get("pedido_id"))


def _por_grpc(stub: pedido_pb2_grpc.PedidoStub, compra: Confirmada) -> Resposta:
    metadados = (
        ("authorization", f"Bearer {CHAVES['CHAVE_LOJA']}"),
        ("idempotency-key", compra.chave),
    )
    requisicao = pedido_pb2.CriarPedidoRequest(**compra.corpo)
    try:
        resposta = stub.CriarPedido(requisicao, metadata=metadados, timeout=ESPERA_S)
    except grpc.RpcError as falha:
        return _da_falha(falha)
    return "concluido" if resposta.status == "enviado" else resposta.status, resposta.id


def _da_falha(falha: grpc.RpcError) -> Resposta:
    codigo, metadados = ler_erro(falha)
    recusado = falha.code() == grpc.StatusCode.FAILED_PRECONDITION
    numero = metadados.get("pedido_id")
    return "recusado" if recusado else codigo or "", int(numero) if numero else None
