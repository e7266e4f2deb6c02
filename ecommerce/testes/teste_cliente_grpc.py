"""O cliente gRPC comum, diante de um servidor que responde o que o teste manda."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent import futures
from typing import Any

import grpc
import pytest
from google.protobuf import any_pb2
from google.rpc import error_details_pb2, status_pb2
from grpc_status import rpc_status

from ecommerce.contratos import estoque_pb2, estoque_pb2_grpc
from ecommerce.erros import Conflito, Erro, Indisponivel, PrazoEsgotado, Recusado
from ecommerce.transporte.disjuntor import DISJUNTORES, Disjuntor
from ecommerce.transporte.grpc import cliente
from pagamentos.vizinhos.grpc import EstoquePorGrpc

pytestmark = pytest.mark.django_db(transaction=True)
Codigo = grpc.StatusCode


class Servidor(estoque_pb2_grpc.EstoqueServicer):
    """Falha com `falha`; sem ela, responde sobre o pedido 8."""

    falha: grpc.Status | None = None

    def LiberarEstoque(self, request: Any, context: grpc.ServicerContext) -> Any:
        if self.falha:
            context.abort_with_status(self.falha)
        return estoque_pb2.SeparacaoResponse(pedido_id=8, status="liberado")


@pytest.fixture
def servidor(monkeypatch: pytest.MonkeyPatch) -> Iterator[Servidor]:
    aberto, servico = grpc.server(futures.ThreadPoolExecutor(2)), Servidor()
    estoque_pb2_grpc.add_EstoqueServicer_to_server(servico, aberto)
    porta = aberto.add_insecure_port("127.0.0.1:0")
    aberto.start()
    monkeypatch.setenv("ESTOQUE_GRPC_ALVO", f"127.0.0.1:{porta}")
    monkeypatch.setitem(DISJUNTORES, "estoque", Disjuntor("estoque"))
    cliente._abrir.cache_clear()
    yield servico
    cliente._abrir.cache_clear()
    aberto.stop(0).wait()


def falha(codigo: grpc.StatusCode, **mudancas: Any) -> grpc.Status:
    """Um não deste sistema ao pedido 7, com as mudanças dadas; `reason` None é sem ErrorInfo."""
    campos = {"reason": "sem_estoque", "domain": "ecommerce"} | mudancas
    metadados = campos.pop("metadata", {"pedido_id": "7", "situacao": "recusado"})
    status = status_pb2.Status(code=codigo.value[0], message="acabou")
    if campos["reason"]:
        detalhe = any_pb2.Any()
        detalhe.Pack(error_details_pb2.ErrorInfo(**campos, metadata=metadados))
        status.details.append(detalhe)
    return rpc_status.to_status(status)


@pytest.mark.parametrize(
    ("codigo", "categoria"),
    [
        (Codigo.FAILED_PRECONDITION, Recusado),
        (Codigo.ABORTED, Conflito),
        (Codigo.DEADLINE_EXCEEDED, PrazoEsgotado),
        (Codigo.INVALID_ARGUMENT, Indisponivel),
        (Codigo.NOT_FOUND, Indisponivel),
        (Codigo.UNIMPLEMENTED, Indisponivel),
        (Codigo.INTERNAL, Indisponivel),
    ],
)
def teste_cada_status_e_uma_categoria(
    servidor: Servidor, codigo: grpc.StatusCode, categoria: type[Erro]
) -> None:
    servidor.falha = falha(codigo)
    with pytest.raises(categoria):
        EstoquePorGrpc().liberar(7, None)


def teste_a_recusa_diz_o_codigo_e_como_ficou_o_passo(servidor: Servidor) -> None:
    servidor.falha = falha(Codigo.FAILED_PRECONDITION)
    with pytest.raises(Recusado) as recusa:
        EstoquePorGrpc().liberar(7, None)
    assert (recusa.value.codigo, recusa.value.detalhe) == ("sem_estoque", "acabou")
    assert (recusa.value.pedido_id, recusa.value.situacao) == (7, "recusado")


@pytest.mark.parametrize("codigo", [Codigo.ABORTED, Codigo.FAILED_PRECONDITION])
@pytest.mark.parametrize(
    "mudancas",
    [
        {"reason": None},
        {"reason": "out_of_stock"},
        {"domain": "example.com"},
        {"metadata": {"pedido_id": "8"}},
        {"metadata": {}},
    ],
    ids=["sem ErrorInfo", "codigo alheio", "outro domínio", "outro pedido", "sem pedido"],
)
def teste_o_nao_de_outro_programa_ou_sobre_outro_pedido_nao_diz_nada(
    servidor: Servidor, codigo: grpc.StatusCode, mudancas: dict[str, Any]
) -> None:
    servidor.falha = falha(codigo, **mudancas)
    with pytest.raises(Indisponivel):
        EstoquePorGrpc().liberar(7, None)


def teste_o_sim_sobre_outro_pedido_nao_diz_nada(servidor: Servidor) -> None:
    with pytest.raises(Indisponivel):
        EstoquePorGrpc().liberar(7, None)
    assert EstoquePorGrpc().liberar(8, None).pedido_id == 8
