"""O servidor gRPC: além do que atende de uma vez, a recusa vem na hora."""

from __future__ import annotations

import threading
import time
from types import SimpleNamespace
from typing import Any

import grpc
import pytest
from grpc_health.v1 import health

from ecommerce.acesso import Quem, abrir_a
from ecommerce.contratos import catalogo_pb2, catalogo_pb2_grpc
from ecommerce.management.commands.servir_grpc import CHAMADAS_SIMULTANEAS, criar_servidor
from ecommerce.servicos import SERVICOS
from ecommerce.transporte.grpc.canal import abrir_canal

pytestmark = pytest.mark.django_db(transaction=True)


def teste_o_excesso_e_recusado_e_o_que_foi_aceito_termina() -> None:
    soltar = threading.Event()

    class Lento(catalogo_pb2_grpc.CatalogoServicer):
        def ListarProdutos(self, request: Any, context: grpc.ServicerContext) -> Any:
            soltar.wait(20)
            return catalogo_pb2.ListaProdutosResponse()

    def listar_produtos() -> None:
        """O que há de caso de uso aqui é só quem pode."""

    abrir_a(Quem.TODOS, listar_produtos)
    modulo = SimpleNamespace(
        adicionar=lambda s: catalogo_pb2_grpc.add_CatalogoServicer_to_server(Lento(), s),
        casos_de_uso=SimpleNamespace(listar_produtos=listar_produtos),
    )
    servidor = criar_servidor(SERVICOS["catalogo"], modulo, health.HealthServicer())
    porta = servidor.add_insecure_port("127.0.0.1:0")
    servidor.start()
    with abrir_canal(f"127.0.0.1:{porta}") as canal:
        stub = catalogo_pb2_grpc.CatalogoStub(canal)
        vazio = catalogo_pb2.ListarProdutosRequest()
        aceitas = [
            stub.ListarProdutos.future(vazio, timeout=30) for _ in range(CHAMADAS_SIMULTANEAS)
        ]
        time.sleep(1)  # para que todas cheguem
        inicio = time.monotonic()
        with pytest.raises(grpc.RpcError) as erro:
            stub.ListarProdutos(vazio, timeout=30)
        assert erro.value.code() == grpc.StatusCode.RESOURCE_EXHAUSTED
        assert time.monotonic() - inicio < 1
        soltar.set()
        assert len([aceita.result() for aceita in aceitas]) == CHAMADAS_SIMULTANEAS
    servidor.stop(0).wait()
