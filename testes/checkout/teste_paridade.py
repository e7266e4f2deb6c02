"""Uma tabela de cenários por REST e por gRPC: a mesma resposta e o mesmo estado nos seis bancos."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from ecommerce.servicos import SERVICOS
from laboratorio.sistema.processos import Sistema
from testes.apoio.compras import RECURSOS, abastecer, corpo, produto_com
from testes.apoio.portas import Porta, PortaGrpc, PortaRest, Resposta, duas_portas

PROPRIOS = {"id", "pedido_id", "numero", "chave_acesso", "codigo_rastreamento"}  # de cada pedido
FALTOU = 999


@pytest.fixture(scope="module")
def portas(sistema: Sistema) -> Iterator[tuple[PortaRest, PortaGrpc]]:
    abastecer(sistema, 1, 2)
    with duas_portas(sistema) as abertas:
        yield abertas


def cartao(token: str) -> dict[str, Any]:
    return corpo(metodo="cartao_credito", cartao={"token": token})


def itens(*pares: tuple[int, int]) -> dict[str, Any]:
    return corpo(itens=[{"produto_id": p, "quantidade": q} for p, q in pares])


def enviado(porta: Porta) -> int:
    resposta, pedido_id = porta.criar(corpo())
    assert resposta.categoria == "feito" and pedido_id
    return pedido_id


def agir_duas_vezes(acao: str) -> Callable[[Porta], list[tuple[Resposta, int | None]]]:
    def cenario(porta: Porta) -> list[tuple[Resposta, int | None]]:
        pedido_id = enviado(porta)
        return [porta.agir(acao, pedido_id) for _ in range(2)]

    return cenario


def entregar_e_cancelar(porta: Porta) -> list[tuple[Resposta, int | None]]:
    pedido_id = enviado(porta)
    return [porta.agir(acao, pedido_id) for acao in ("entregar", "cancelar", "retomar")]


def repetir_a_chave(pedido: dict[str, Any]) -> Callable[[Porta], list[tuple[Resposta, int | None]]]:
    def cenario(porta: Porta) -> list[tuple[Resposta, int | None]]:
        chave = f"{porta.nome}-{pedido}"[:255]
        return [porta.criar(pedido, chave) for _ in range(2)]

    return cenario


def chave_com_outro_corpo(porta: Porta) -> list[tuple[Resposta, int | None]]:
    chave = f"{porta.nome}-outro-corpo"
    return [porta.criar(corpo(), chave), porta.criar(corpo(quantidade=2), chave)]


def chave_com_espacos(porta: Porta) -> list[tuple[Resposta, int | None]]:
    ouvidas = [porta.criar(corpo(), f"{porta.nome}-espacos{fim}") for fim in ("", "  ")]
    assert ouvidas[0] == ouvidas[1]
    return ouvidas


def chave_depois_de_cancelado(porta: Porta) -> list[tuple[Resposta, int | None]]:
    chave = f"{porta.nome}-cancelado"
    primeira = porta.criar(corpo(), chave)
    assert primeira[1]
    return [primeira, porta.agir("cancelar", primeira[1]), porta.criar(corpo(), chave)]


def criar(pedido: dict[str, Any], **opcoes: Any) -> Callable[[Porta], list[Any]]:
    return lambda porta: [porta.criar(pedido, **opcoes)]


def agir(acao: str, pedido_id: int, **opcoes: Any) -> Callable[[Porta], list[Any]]:
    return lambda porta: [porta.agir(acao, pedido_id, **opcoes)]


CENARIOS: dict[str, Callable[[Porta], list[tuple[Resposta, int | None]]]] = {
    "enviado por pix": criar(corpo()),
    "enviado com dois produtos": criar(itens((1, 2), (2, 1))),
    "enviado por boleto": criar(corpo(metodo="boleto")),
    "enviado com cartão": criar(cartao("tok_aprovado")),
    "cartão recusado": criar(cartao("tok_recusado")),
    "token desconhecido": criar(cartao("tok_inventado")),
    "sem estoque": criar(itens((1, 1), (3, FALTOU))),
    "cliente inexistente": criar(corpo(cliente_id=10**9)),
    "produto inexistente": criar(corpo(produto_id=10**9)),
    "quantidade zero": criar(corpo(quantidade=0)),
    "quantidade negativa": criar(corpo(quantidade=-1)),
    "quantidade demais": criar(corpo(quantidade=1001)),
    "quantidade enorme": criar(corpo(quantidade=2**63 - 1)),
    "produto negativo": criar(corpo(produto_id=-1)),
    "cliente zero": criar(corpo(cliente_id=0)),
    "sem itens": criar(corpo(itens=[])),
    "itens demais": criar(itens(*((n, 1) for n in range(1, 102)))),
    "produto repetido": criar(itens((1, 1), (1, 1))),
    "método desconhecido": criar(corpo(metodo="cheque")),
    "token sem cartão": criar(corpo(cartao={"token": "tok_aprovado"})),
    "token comprido demais": criar(cartao("t" * 65)),
    "chave vazia": criar(corpo(), chave=""),
    "chave comprida demais": criar(corpo(), chave="x" * 256),
    "chave com espaços no fim": chave_com_espacos,
    "a mesma chave, enviado": repetir_a_chave(corpo()),
    "a mesma chave, recusado": repetir_a_chave(cartao("tok_recusado")),
    "a mesma chave, outro corpo": chave_com_outro_corpo,
    "a mesma chave, depois de cancelado": chave_depois_de_cancelado,
    "cancelar duas vezes": agir_duas_vezes("cancelar"),
    "retomar um enviado": agir_duas_vezes("retomar"),
    "entregar duas vezes": agir_duas_vezes("entregar"),
    "entregue não se cancela": entregar_e_cancelar,
    "consultar o que não existe": agir("consultar", 10**12),
    "cancelar o que não existe": agir("cancelar", 10**12),
    "sem credencial": criar(corpo(), credencial=None),
    "credencial errada": criar(corpo(), credencial="outra"),
    "a loja não retoma": agir("retomar", 1, credencial="da-loja"),
    "a loja não entrega": agir("entregar", 1, credencial="da-loja"),
}


@pytest.mark.parametrize("nome", CENARIOS)
def teste_o_mesmo_pelas_duas_portas(
    nome: str, sistema: Sistema, portas: tuple[PortaRest, PortaGrpc]
) -> None:
    abastecer(sistema, 1, 2)
    respostas, estados = [], []
    for porta in portas:
        ouvidas = CENARIOS[nome](porta)
        pedido_id = next((pedido for _, pedido in ouvidas if pedido), None)
        respostas.append([resposta for resposta, _ in ouvidas])
        estados.append(estado(sistema, pedido_id, porta.nome))
    assert respostas[0] == respostas[1]
    assert estados[0] == estados[1]


def estado(sistema: Sistema, pedido_id: int | None, transporte: str) -> dict[str, Any] | None:
    """O que cada serviço guardou do pedido, e as operações dele, sem o que é próprio de cada um."""
    if pedido_id is None or pedido_id == 10**12:
        return None
    guardado: dict[str, Any] = {}
    for servico, recurso in RECURSOS.items():
        resposta = sistema.pedir("GET", servico, f"/{recurso}/{pedido_id}", chave="interna")
        guardado[servico] = _sem_proprios(resposta.json()) if resposta.ok else resposta.status_code
        operacoes = sistema.ler(servico, "/operacoes", pedido_id=pedido_id)["results"]
        guardado[f"operações de {servico}"] = [
            (o["operacao"], o["resultado"]) for o in reversed(operacoes)
        ]
        assert {o["transporte"] for o in operacoes} <= {transporte}
    return guardado


def _sem_proprios(dados: Any) -> Any:
    if isinstance(dados, list):
        return [_sem_proprios(parte) for parte in dados]
    if isinstance(dados, dict):
        return {
            campo: _sem_proprios(valor)
            for campo, valor in dados.items()
            if campo not in PROPRIOS and not campo.startswith("data_")
        }
    return dados


def teste_vinte_vezes_a_mesma_chave_pelas_duas_portas_e_um_pedido_so(
    portas: tuple[PortaRest, PortaGrpc],
) -> None:
    chave = "vinte"
    with ThreadPoolExecutor(20) as compradores:
        ouvidas = list(compradores.map(lambda n: portas[n % 2].criar(corpo(), chave), range(20)))
    assert len({pedido_id for _, pedido_id in ouvidas}) == 1
    assert {r.codigo for r, _ in ouvidas if r.categoria != "feito"} <= {"chave_em_uso"}
    finais = {porta.nome: porta.criar(corpo(), chave) for porta in portas}
    assert finais["rest"] == finais["grpc"]


def teste_cinquenta_compradores_das_ultimas_dez_pelas_duas_portas(
    sistema: Sistema, portas: tuple[PortaRest, PortaGrpc]
) -> None:
    produto = produto_com(sistema, 4, quantidade=10)
    with ThreadPoolExecutor(50) as compradores:
        ouvidas = list(compradores.map(lambda n: portas[n % 2].criar(corpo(produto)), range(50)))
    assert Counter(r.codigo for r, _ in ouvidas) == {None: 10, "sem_estoque": 40}
    assert sistema.ler("estoque", f"/estoque/{produto}")["disponivel"] == 0
    for resposta, pedido_id in ouvidas:
        if resposta.codigo:
            pagamento = sistema.ler("pagamentos", f"/pagamentos/{pedido_id}")
            assert pagamento["status"] == "estornado"


def pares(
    portas: tuple[PortaRest, PortaGrpc], ouvidas: list[tuple[Resposta, int | None]]
) -> list[tuple[Porta, int]]:
    """Cada porta com o número do pedido que se ouviu dela."""
    duas: tuple[Porta, ...] = portas
    return [(porta, numero or 0) for porta, (_, numero) in zip(duas, ouvidas, strict=True)]


def teste_sem_logistica_as_duas_portas_deixam_o_pedido_a_caminho_e_o_retomam(
    novo_sistema: Callable[..., Sistema],
) -> None:
    sistema = novo_sistema()
    sistema.iniciar(*SERVICOS, *(f"{s}-grpc" for s in SERVICOS))  # sem o `retomar`
    abastecer(sistema, 1)
    with duas_portas(sistema) as portas:
        sistema.parar("logistica")
        sistema.parar("logistica-grpc")
        a_caminho = [porta.criar(corpo(), f"chave-{porta.nome}") for porta in portas]
        cancelando = [porta.agir("cancelar", porta.criar(corpo())[1] or 0) for porta in portas]
        sistema.iniciar("logistica", "logistica-grpc")
        time.sleep(1)  # os canais gRPC tentam de novo a cada meio segundo, no máximo
        retomados = [
            porta.agir("retomar", pedido_id) for porta, pedido_id in pares(portas, a_caminho)
        ]
        desfeitos = [
            porta.agir("retomar", pedido_id) for porta, pedido_id in pares(portas, cancelando)
        ]
        for ouvidas, status in (
            (a_caminho, "nf_emitida"),
            (cancelando, "cancelando"),
            (retomados, "enviado"),
            (desfeitos, "cancelado"),
        ):
            (rest, rest_id), (por_grpc, grpc_id) = ouvidas
            assert rest == por_grpc and rest.pedido and rest.pedido[0] == status
            assert rest_id and grpc_id
        for porta, pedido_id in pares(portas, a_caminho):
            operacoes = sistema.ler("pagamentos", "/operacoes", pedido_id=pedido_id)["results"]
            assert [(o["resultado"], o["transporte"]) for o in operacoes] == [
                ("aprovado", porta.nome)
            ]


def teste_sem_catalogo_as_duas_portas_dizem_indisponivel(
    novo_sistema: Callable[..., Sistema],
) -> None:
    sistema = novo_sistema()
    sistema.iniciar("pedidos", "pedidos-grpc")
    with duas_portas(sistema) as portas:
        ouvidas = [porta.criar(corpo()) for porta in portas]
    assert ouvidas[0] == ouvidas[1] == (Resposta("Indisponivel", "indisponivel"), None)


def teste_o_prazo_curto_vale_nas_duas_portas(novo_sistema: Callable[..., Sistema]) -> None:
    sistema = novo_sistema(PRAZO_CHECKOUT_MS="1500")
    sistema.iniciar(*SERVICOS, *(f"{s}-grpc" for s in SERVICOS))  # sem o `retomar`
    with duas_portas(sistema) as portas:
        ouvidas = [porta.criar(cartao("tok_lento"))[0] for porta in portas]
    assert ouvidas[0] == ouvidas[1]
    assert ouvidas[0].pedido and ouvidas[0].pedido[0] == "pendente"
