"""Ler não espera por quem grava: com os bancos travados, toda consulta responde na hora."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

from catalogo.dominio import VALIDADE_DO_ESTOQUE_S
from ecommerce.contratos import (
    cadeia_pb2,
    catalogo_pb2,
    catalogo_pb2_grpc,
    estoque_pb2,
    estoque_pb2_grpc,
    fiscal_pb2_grpc,
    logistica_pb2_grpc,
    pagamento_pb2_grpc,
    pedido_pb2_grpc,
)
from ecommerce.servicos import SERVICOS
from ecommerce.transporte.grpc.canal import abrir_canal
from laboratorio.sistema.processos import Sistema, esperar
from testes.apoio.compras import abastecer, comprar, corpo
from testes.entrada.teste_acesso import OPERACOES
from testes.falhas.quebras import travado

LOGO_S = 0.5
TRAVADOS_S = 30
STUBS: dict[str, type] = {
    "pedidos": pedido_pb2_grpc.PedidoStub,
    "pagamentos": pagamento_pb2_grpc.PagamentoStub,
    "estoque": estoque_pb2_grpc.EstoqueStub,
    "fiscal": fiscal_pb2_grpc.FiscalStub,
    "logistica": logistica_pb2_grpc.LogisticaStub,
    "catalogo": catalogo_pb2_grpc.CatalogoStub,
}
Leitura = tuple[str, Callable[[], Any]]


def leituras(sistema: Sistema, pedido_id: int, pilha: ExitStack) -> Iterator[Leitura]:
    """Tudo o que só consulta, por REST e por gRPC, com o nome de cada um."""

    def por_rest(servico: str, caminho: str) -> Leitura:
        onde = caminho.format(id=1, pedido_id=pedido_id, produto_id=1)
        return f"{servico} {caminho}", lambda: sistema.ler(servico, onde, id=1)

    def por_grpc(servico: str, metodo: str, requisicao: Any) -> Leitura:
        chamada = getattr(stubs[servico], metodo)
        metadados = [("authorization", "Bearer interna")]
        return metodo, lambda: chamada(requisicao, metadata=metadados, timeout=30)

    stubs = {
        servico: stub(pilha.enter_context(abrir_canal(sistema.alvo(servico))))
        for servico, stub in STUBS.items()
    }
    do_pedido = cadeia_pb2.PedidoIdRequest(pedido_id=pedido_id)
    documentos = {"/api/esquema", "/api/docs"}  # não são JSON, nem do banco
    for servico, verbo, caminho in OPERACOES:
        if verbo == "GET" and caminho not in documentos:
            yield por_rest(servico, caminho)
    yield por_grpc("pedidos", "ConsultarPedido", do_pedido)
    yield por_grpc("pagamentos", "ConsultarPagamento", do_pedido)
    yield por_grpc("estoque", "ConsultarEstoque", estoque_pb2.ConsultarEstoqueRequest())
    yield por_grpc("fiscal", "ConsultarNotaFiscal", do_pedido)
    yield por_grpc("logistica", "ConsultarEnvio", do_pedido)
    yield por_grpc("catalogo", "ListarProdutos", catalogo_pb2.ListarProdutosRequest())
    yield por_grpc("catalogo", "ConsultarPrecos", catalogo_pb2.ConsultarPrecosRequest(id=[1]))


def teste_com_os_seis_bancos_travados_nenhuma_leitura_espera(
    novo_sistema: Callable[..., Sistema],
) -> None:
    # dado um pedido, tudo já lido uma vez, e peças que só depois entraram no estoque
    sistema = novo_sistema()
    sistema.iniciar(*SERVICOS, *(f"{servico}-grpc" for servico in SERVICOS))
    abastecer(sistema, 1)
    pedido_id = comprar(sistema, corpo()).json()["id"]
    with ExitStack() as pilha:
        todas = dict(leituras(sistema, pedido_id, pilha))
        for ler in todas.values():
            ler()
        abastecer(sistema, 1)
        pecas = sistema.ler("estoque", "/estoque/1")["disponivel"]
        time.sleep(VALIDADE_DO_ESTOQUE_S)
        # quando outro processo trava os seis bancos
        for servico in SERVICOS:
            pilha.enter_context(travado(sistema, servico, TRAVADOS_S))
        # então tudo se lê na hora, e a vitrine mostra as peças que entraram
        demoras_s = {nome: _demora_s(ler) for nome, ler in todas.items()}
        assert {nome: s for nome, s in demoras_s.items() if s > LOGO_S} == {}
        assert todas["catalogo /produtos"]()[0]["estoque"] == pecas
        assert todas["ListarProdutos"]().produtos[0].estoque == pecas
    # e, destravado o banco, o catálogo guarda o que mostrou
    esperar(lambda: _guardou(sistema, pecas), 10, "guardar o saldo visto")


def _demora_s(ler: Callable[[], Any]) -> float:
    inicio = time.monotonic()
    ler()
    return time.monotonic() - inicio


def _guardou(sistema: Sistema, pecas: int) -> bool:
    sistema.ler("catalogo", "/produtos")
    guardado = sistema.executar_sql("catalogo", "SELECT estoque FROM catalogo_produto WHERE id = 1")
    return guardado == [(pecas,)]
