"""A operadora de fora: cobra e estorna uma vez só, caia quem cair, pergunte quem perguntar."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import grpc

from ecommerce.contratos import cadeia_pb2, pagamento_pb2, pagamento_pb2_grpc
from ecommerce.quedas import DEPOIS_DA_OPERADORA, marca
from ecommerce.servicos import SERVICOS
from ecommerce.transporte.grpc.canal import abrir_canal
from laboratorio.sistema.processos import Sistema
from testes.apoio.compras import abastecer, comprar, corpo, por_pedido
from testes.apoio.recusas import ORDEM

CADERNO = "/operadora/lancamentos"
COBRADO, ESTORNADO = ("cobranca", "aprovado"), ("estorno", "aprovado")


def lancados(sistema: Sistema, pedido_id: int) -> list[tuple[str, str]]:
    linhas = sistema.ler("pagamentos", CADERNO, pedido_id=pedido_id)["results"]
    return [(linha["tipo"], linha["status"]) for linha in linhas]


def violadas(sistema: Sistema) -> set[str]:
    """As invariantes violadas; I6 só diz que o pedido está parado, como aqui se quer."""
    return {violacao["invariante"] for violacao in sistema.auditar()["violacoes"]}


def teste_caido_entre_a_operadora_e_o_commit_nada_se_repete_nem_parece_errado(
    novo_sistema: Callable[..., Sistema],
) -> None:
    sistema = novo_sistema(QUEDAS_ARMADAS="1")
    sistema.iniciar(*SERVICOS)  # sem o processo `retomar`, para retomar à mão
    abastecer(sistema, 1)
    fazer = partial(sistema.pedir, "POST", "pedidos", chave="interna")

    def cair() -> None:
        marca(sistema.pasta, "pagamentos", "rest", DEPOIS_DA_OPERADORA).touch()

    def levantar() -> None:
        sistema.processos["pagamentos"].wait(10)
        sistema.iniciar("pagamentos")

    # dado que pagamentos morre com a operadora já tendo cobrado
    cair()
    resposta = comprar(sistema, corpo())
    assert (resposta.status_code, resposta.json()["status"]) == (202, "pendente")
    pedido_id = resposta.json()["id"]
    levantar()
    # a caminho, o dinheiro que só ela sabe não é um erro
    assert por_pedido(sistema, pedido_id)["pagamentos"] == "-"
    assert lancados(sistema, pedido_id) == [COBRADO]
    assert violadas(sistema) <= {"I6"}
    # quando se retoma, é a mesma cobrança
    assert fazer(f"/pedidos/{pedido_id}/retomar").json()["status"] == "enviado"
    assert lancados(sistema, pedido_id) == [COBRADO]

    # e o mesmo ao estornar
    cair()
    assert fazer(f"/pedidos/{pedido_id}/cancelar").json()["status"] == "cancelando"
    levantar()
    assert por_pedido(sistema, pedido_id)["pagamentos"] == "aprovado"
    assert lancados(sistema, pedido_id) == [ESTORNADO, COBRADO]
    assert violadas(sistema) <= {"I6"}
    assert fazer(f"/pedidos/{pedido_id}/retomar").json()["status"] == "cancelado"
    assert lancados(sistema, pedido_id) == [ESTORNADO, COBRADO]
    assert not violadas(sistema)


def teste_muitos_perguntam_ao_mesmo_tempo_e_ouvem_o_mesmo(
    novo_sistema: Callable[..., Sistema],
) -> None:
    # dado que a operadora sorteia cada resposta, e que cada pergunta vem por dois processos
    sistema = novo_sistema(SIMULACAO="enunciado")
    sistema.iniciar(*SERVICOS, *(f"{servico}-grpc" for servico in SERVICOS))
    abastecer(sistema, 1)
    numeros = range(700_001, 700_009)

    def por_rest(numero: int) -> int:
        ordem = ORDEM | {"pedido_id": numero}
        caminho, chave = "/pagamentos", "interna"
        return sistema.pedir("POST", "pagamentos", caminho, chave=chave, json=ordem).status_code

    with abrir_canal(sistema.alvo("pagamentos")) as canal:
        processar = pagamento_pb2_grpc.PagamentoStub(canal).ProcessarPagamento
        credencial = (("authorization", "Bearer interna"),)

        def por_grpc(numero: int) -> int:
            try:
                processar(_ordem_em_proto(numero), metadata=credencial, timeout=10)
            except grpc.RpcError as falha:
                assert falha.code() is grpc.StatusCode.FAILED_PRECONDITION, falha
                return 422
            return 201

        with ThreadPoolExecutor(len(numeros) * 4) as clientes:
            ouvidas = {
                numero: [clientes.submit(por, numero) for por in (por_rest, por_grpc) * 2]
                for numero in numeros
            }
    for numero, perguntas in ouvidas.items():
        [status] = {pergunta.result() for pergunta in perguntas}
        esperado = COBRADO if status == 201 else ("cobranca", "rejeitado")
        assert lancados(sistema, numero) == [esperado]


def _ordem_em_proto(numero: int) -> Any:
    """A mesma ORDEM, por gRPC."""
    item = cadeia_pb2.Item(produto_id=1, nome="Caneca", quantidade=2, preco_unitario_centavos=1000)
    return pagamento_pb2.PagamentoRequest(
        pedido_id=numero,
        cliente=cadeia_pb2.Cliente(**ORDEM["cliente"]),
        metodo=ORDEM["metodo"],
        valor_total_centavos=2000,
        itens=[item],
    )


def teste_o_caderno_se_le_em_paginas_do_maior_pedido_ao_menor(sistema: Sistema) -> None:
    # dado que o último lançamento é de um pedido antigo
    antigo = sistema.ler("pedidos", "/pedidos", status="enviado")["results"][-1]["id"]
    assert sistema.pedir("POST", "pedidos", f"/pedidos/{antigo}/cancelar").status_code == 200
    linhas = list(sistema.listar("pagamentos", f"{CADERNO}?tamanho=7"))
    assert len(linhas) == len({linha["id"] for linha in linhas}) > 100
    chaves = [(linha["pedido_id"], linha["tipo"]) for linha in linhas]
    assert chaves == sorted(chaves, reverse=True)
    assert list(linhas[0]) == ["id", "pedido_id", "tipo", "status", "valor", "criado_em"]
    assert lancados(sistema, antigo) == [ESTORNADO, COBRADO]
