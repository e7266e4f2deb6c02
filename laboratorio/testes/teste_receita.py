"""A receita do enunciado roda: um pedido por cada transporte atravessa os cinco serviços."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import requests

from ecommerce.transporte.grpc.canal import abrir_canal
from laboratorio.receita import receita_pb2, receita_pb2_grpc
from laboratorio.receita.enderecos import SERVICOS
from laboratorio.receita.no_ar import Receita
from laboratorio.sistema.processos import RAIZ
from testes.apoio.compras import corpo

Comprar = Callable[[Receita, int], tuple[int, str]]


@pytest.fixture(scope="module")
def receita(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Receita]:
    receita = Receita(tmp_path_factory.mktemp("receita"))
    try:
        receita.iniciar()
        yield receita
    finally:
        receita.encerrar()


def operacoes(receita: Receita, pedido_id: int) -> dict[str, str]:
    """O resultado que cada banco registrou para o pedido."""
    resultados = {}
    for servico in SERVICOS:
        with closing(sqlite3.connect(receita.pasta / f"{servico}.db")) as banco:
            consulta = "SELECT resultado FROM operacoes WHERE pedido_id = ?"
            [(resultados[servico],)] = banco.execute(consulta, (pedido_id,)).fetchall()
    return resultados


def comprar_por_rest(receita: Receita, quantidade: int) -> tuple[int, str]:
    with requests.Session() as http:
        http.trust_env = False
        url = receita.url("pedidos") + "/pedidos"
        pedido = http.post(url, json=corpo(3, quantidade), timeout=10).json()
    return pedido["id"], pedido["status"]


def comprar_por_grpc(receita: Receita, quantidade: int) -> tuple[int, str]:
    itens = [receita_pb2.Item(produto_id=3, quantidade=quantidade)]
    with abrir_canal(receita.alvo("pedidos")) as canal:
        pedido = receita_pb2_grpc.PedidoStub(canal).CriarPedido(
            receita_pb2.PedidoRequest(cliente_id=1, itens=itens, metodo="pix"), timeout=10
        )
    return pedido.id, pedido.status


@pytest.mark.parametrize("comprar", [comprar_por_rest, comprar_por_grpc])
def teste_um_pedido_atravessa_os_cinco_servicos(receita: Receita, comprar: Comprar) -> None:
    pedido_id, status = comprar(receita, 2)
    assert status == "enviado"
    assert operacoes(receita, pedido_id) == {
        "pedidos": "enviado",
        "pagamentos": "aprovado",
        "estoque": "separado",
        "fiscal": "emitida",
        "logistica": "aguardando_envio",
    }


@pytest.mark.parametrize("comprar", [comprar_por_rest, comprar_por_grpc])
def teste_sem_estoque_o_pedido_e_cancelado_ate_que_se_abasteca(
    receita: Receita, comprar: Comprar
) -> None:
    pedido_id, status = comprar(receita, 2_000_000_000)
    assert status == "cancelado"
    with closing(sqlite3.connect(receita.pasta / "fiscal.db")) as banco:
        notas = banco.execute(
            "SELECT count(*) FROM notas_fiscais WHERE pedido_id = ?", (pedido_id,)
        ).fetchone()
    assert notas == (0,)
    # quando há peças que cheguem
    receita.abastecer()
    assert comprar(receita, 1000)[1] == "enviado"


def teste_o_codigo_gerado_e_o_que_o_protoc_gera(tmp_path: Path) -> None:
    saidas = [f"--{saida}_out={tmp_path}" for saida in ("python", "pyi", "grpc_python")]
    comando = [sys.executable, "-m", "grpc_tools.protoc", "-I.", *saidas]
    subprocess.run([*comando, "laboratorio/receita/receita.proto"], cwd=RAIZ, check=True)
    gerados = sorted((tmp_path / "laboratorio" / "receita").iterdir())
    assert len(gerados) == 3
    for gerado in gerados:
        no_repositorio = RAIZ / "laboratorio" / "receita" / gerado.name
        assert gerado.read_text() == no_repositorio.read_text(), gerado.name
