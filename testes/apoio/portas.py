"""As duas portas do checkout com os mesmos verbos, para pedir a mesma coisa por uma e por outra."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol, TypeVar, cast

import grpc
import requests
from google.protobuf.message import Message
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo
from grpc_status import rpc_status

from ecommerce.contratos import cadeia_pb2, pedido_pb2, pedido_pb2_grpc
from ecommerce.transporte.categorias import CATEGORIAS
from ecommerce.transporte.grpc.canal import abrir_canal
from laboratorio.sistema.processos import Sistema

Detalhe = TypeVar("Detalhe", bound=Message)
_POR_HTTP = {categoria.http: erro.__name__ for erro, categoria in CATEGORIAS.items()}
_POR_GRPC = {categoria.grpc: erro.__name__ for erro, categoria in CATEGORIAS.items()}


@dataclass(frozen=True)
class Resposta:
    """O que se ouviu de uma porta: `feito`, ou a categoria do erro; e o pedido, sem id nem data."""

    categoria: str
    codigo: str | None = None
    campos: tuple[str, ...] = ()
    pedido: tuple[Any, ...] | None = None


class Porta(Protocol):
    """Uma porta de pedidos. Toda chamada devolve a resposta e o número do pedido, se há um."""

    nome: str

    def criar(
        self, corpo: dict[str, Any], chave: str | None = None, credencial: str | None = "da-loja"
    ) -> tuple[Resposta, int | None]: ...

    def agir(
        self, acao: str, pedido_id: int, credencial: str | None = "interna"
    ) -> tuple[Resposta, int | None]: ...


class PortaRest:
    nome = "rest"

    def __init__(self, url: str) -> None:
        self.url = url
        self._da_thread = threading.local()

    @property
    def _http(self) -> requests.Session:
        """A sessão desta thread: uma conexão nova por pedido pesaria mais que o pedido."""
        if not hasattr(self._da_thread, "http"):
            self._da_thread.http = requests.Session()
            self._da_thread.http.trust_env = False
        sessao: requests.Session = self._da_thread.http
        return sessao

    def criar(
        self, corpo: dict[str, Any], chave: str | None = None, credencial: str | None = "da-loja"
    ) -> tuple[Resposta, int | None]:
        cabecalhos = {"Idempotency-Key": chave} if chave is not None else {}
        return self._pedir("POST", "/pedidos", credencial, json=corpo, headers=cabecalhos)

    def agir(
        self, acao: str, pedido_id: int, credencial: str | None = "interna"
    ) -> tuple[Resposta, int | None]:
        if acao == "consultar":
            return self._pedir("GET", f"/pedidos/{pedido_id}", credencial)
        return self._pedir("POST", f"/pedidos/{pedido_id}/{acao}", credencial)

    def _pedir(
        self, metodo: str, caminho: str, credencial: str | None, **opcoes: Any
    ) -> tuple[Resposta, int | None]:
        url = self.url + caminho
        cabecalhos = {"Authorization": f"Bearer {credencial}"} if credencial else {}
        cabecalhos |= opcoes.pop("headers", {})
        resposta = self._http.request(metodo, url, headers=cabecalhos, timeout=30, **opcoes)
        dados = resposta.json()
        if resposta.ok:
            return Resposta("feito", pedido=_de_json(dados)), dados["id"]
        return (
            Resposta(
                _POR_HTTP[resposta.status_code],
                dados["codigo"],
                tuple(sorted(dados.get("erros", ()))),
            ),
            dados.get("pedido_id"),
        )


class PortaGrpc:
    nome = "grpc"

    def __init__(self, stub: pedido_pb2_grpc.PedidoStub) -> None:
        self.stub = stub

    def criar(
        self, corpo: dict[str, Any], chave: str | None = None, credencial: str | None = "da-loja"
    ) -> tuple[Resposta, int | None]:
        corpo = dict(corpo)
        cartao = corpo.pop("cartao", None)
        itens = [pedido_pb2.ItemNovo(**item) for item in corpo.pop("itens")]
        requisicao = pedido_pb2.CriarPedidoRequest(
            **corpo, itens=itens, token_cartao=cartao and cartao["token"]
        )
        return self._chamar("CriarPedido", requisicao, credencial, chave)

    def agir(
        self, acao: str, pedido_id: int, credencial: str | None = "interna"
    ) -> tuple[Resposta, int | None]:
        requisicao = cadeia_pb2.PedidoIdRequest(pedido_id=pedido_id)
        return self._chamar(f"{acao.capitalize()}Pedido", requisicao, credencial)

    def _chamar(
        self, metodo: str, pedido: Any, credencial: str | None, chave: str | None = None
    ) -> tuple[Resposta, int | None]:
        metadados = [("authorization", f"Bearer {credencial}")] if credencial else []
        metadados += [("idempotency-key", chave)] if chave is not None else []
        try:
            resposta = getattr(self.stub, metodo)(pedido, metadata=metadados, timeout=30)
        except grpc.RpcError as falha:
            return _da_falha(falha)
        return Resposta("feito", pedido=_de_proto(resposta)), resposta.id


@contextmanager
def duas_portas(sistema: Sistema) -> Iterator[tuple[PortaRest, PortaGrpc]]:
    with portas_em(sistema.url("pedidos"), sistema.alvo("pedidos")) as portas:
        yield portas


@contextmanager
def portas_em(url: str, alvo: str) -> Iterator[tuple[PortaRest, PortaGrpc]]:
    """As duas portas onde quer que estejam: no próprio serviço, ou num proxy diante dele."""
    with abrir_canal(alvo) as canal:
        yield PortaRest(url), PortaGrpc(pedido_pb2_grpc.PedidoStub(canal))


def detalhe(falha: grpc.RpcError, tipo: type[Detalhe]) -> Detalhe:
    """O detalhe desse tipo que a falha traz, vazio se não o traz."""
    achado = tipo()
    status = rpc_status.from_call(cast("grpc.Call", falha))
    for cada in status.details if status else ():
        cada.Unpack(achado)
    return achado


def _da_falha(falha: grpc.RpcError) -> tuple[Resposta, int | None]:
    informacao, invalidos = detalhe(falha, ErrorInfo), detalhe(falha, BadRequest)
    campos = tuple(sorted(violacao.field for violacao in invalidos.field_violations))
    resposta = Resposta(_POR_GRPC[falha.code().name], informacao.reason, campos)
    pedido_id = informacao.metadata.get("pedido_id")
    return resposta, int(pedido_id) if pedido_id else None


def _de_json(pedido: dict[str, Any]) -> tuple[Any, ...]:
    itens = [
        (i["produto_id"], i["quantidade"], Decimal(i["preco_unitario"])) for i in pedido["itens"]
    ]
    return (
        pedido["status"],
        pedido["motivo"],
        Decimal(pedido["valor_total"]),
        pedido["metodo"],
        tuple(itens),
        pedido["pagamento"]["status"],
        bool(pedido["nota_fiscal"]),
        pedido["envio"] and pedido["envio"]["status"],
    )


def _de_proto(pedido: Any) -> tuple[Any, ...]:
    itens = [
        (i.produto_id, i.quantidade, Decimal(i.preco_unitario_centavos).scaleb(-2))
        for i in pedido.itens
    ]
    return (
        pedido.status,
        pedido.motivo if pedido.HasField("motivo") else None,
        Decimal(pedido.valor_total_centavos).scaleb(-2),
        pedido.metodo,
        tuple(itens),
        pedido.pagamento.status,
        pedido.HasField("nota_fiscal"),
        pedido.envio.status if pedido.HasField("envio") else None,
    )
