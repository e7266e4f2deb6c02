"""O que vem de quem compra: a mesma chave, a última peça, recusas, entradas tortas e intrusos."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import grpc

from ecommerce.transporte.grpc.canal import abrir_canal
from laboratorio.sistema.processos import TERMINA_EM_S, esperar, processo_de
from testes.apoio.clientela import Compra, comprar
from testes.apoio.compras import corpo, produto_com
from testes.apoio.portas import Porta
from testes.apoio.recusas import NAO_SAO_JSON, retrato_dos_bancos
from testes.falhas.bancada import Bancada, no_prazo

RODADAS = 5 if os.environ.get("TUDO") == "1" else 2
CARTAO_RECUSADO = corpo(metodo="cartao_credito", cartao={"token": "tok_recusado"})
TORTOS = [
    *(corpo(quantidade=quantidade) for quantidade in (0, -1, 1001, 2**63 - 1)),
    corpo(itens=[]),
    corpo(itens=[{"produto_id": 1, "quantidade": 1}] * 2),
    corpo(metodo="cheque"),
    corpo(cliente_id=0),
    corpo(cartao={"token": "tok_aprovado"}),
]
INEXISTENTES = [corpo(cliente_id=10**9), corpo(produto_id=10**9)]
# o que só se consegue dizer por REST
NAO_E_UM_PEDIDO = [
    *NAO_SAO_JSON.values(),
    b'{"cliente_id": 1, "itens": [{"produto_id": 1, "quantidade": 1.5}], "metodo": "pix"}',
    b'{"cliente_id": 1, "itens": [{"produto_id": 1, "quantidade": "2"}], "metodo": "pix"}',
    b'{"cliente_id": 1, "itens": [{"produto_id": 1, "quantidade": 1, "preco": "0.01"}],'
    b' "metodo": "pix"}',
    b'{"cliente_id": 1, "itens": [{"produto_id": 1, "quantidade": 1}], "metodo": "pix", "x": 1}',
    b"0" * 10_000_000,
]


def vinte_com_a_mesma_chave(_: Bancada, porta: Porta) -> list[Compra]:
    compra = Compra(porta, corpo())
    with ThreadPoolExecutor(20) as equipe:
        ouvidas = list(equipe.map(lambda _: porta.criar(compra.corpo, compra.chave), range(20)))
    assert {r.codigo for r, _ in ouvidas if r.categoria != "feito"} <= {"chave_em_uso"}
    assert len({numero for _, numero in ouvidas}) == 1
    outro_corpo = porta.criar(corpo(quantidade=2), compra.chave)[0]
    assert outro_corpo.codigo == "chave_reutilizada"
    compra.tentar()
    return [compra]


def a_chave_depois_de_um_reinicio(bancada: Bancada, porta: Porta) -> list[Compra]:
    """Quem confere que a chave ainda vale repete a compra: é o que se faz depois de toda falha."""
    compra = comprar(porta)
    assert not compra.interrompida
    nome = processo_de("pedidos", porta.nome)
    bancada.sistema.matar(nome)
    bancada.sistema.iniciar(nome)
    return [compra]


def cinquenta_pela_ultima_peca(bancada: Bancada, porta: Porta) -> list[Compra]:
    compras = []
    for _ in range(RODADAS):
        pedido = corpo(produto_com(bancada.sistema, 2, quantidade=1))
        with ThreadPoolExecutor(50) as compradores:
            rodada = list(compradores.map(lambda _, p=pedido: comprar(porta, p), range(50)))
        esperar(partial(_terminaram, rodada), TERMINA_EM_S, "todos ouvirem sim ou não")
        assert sum(map(_foi_enviada, rodada)) == 1
        compras += rodada
    return no_prazo(compras)


def em_parte_esgotado(bancada: Bancada, porta: Porta) -> list[Compra]:
    sobra = produto_com(bancada.sistema, 2, quantidade=3)
    antes = [bancada.sistema.ler("estoque", f"/estoque/{produto}") for produto in (1, sobra)]
    itens = [{"produto_id": 1, "quantidade": 1}, {"produto_id": sobra, "quantidade": 4}]
    compra = _recusada(porta, corpo(itens=itens), "sem_estoque")
    depois = [bancada.sistema.ler("estoque", f"/estoque/{produto}") for produto in (1, sobra)]
    assert depois == antes
    return [compra]


def pagamento_recusado(_: Bancada, porta: Porta) -> list[Compra]:
    return [_recusada(porta, CARTAO_RECUSADO, "pagamento_rejeitado")]


def nota_recusada(bancada: Bancada, porta: Porta) -> list[Compra]:
    """Um cancelamento adiantado deixou no fiscal a lápide do próximo pedido."""
    antes = comprar(porta)
    assert antes.pedido_id
    caminho = f"/notas/{antes.pedido_id + 1}/cancelar"
    bancada.sistema.pedir("POST", "fiscal", caminho, chave="interna").raise_for_status()
    return [antes, _recusada(porta, corpo(), "pedido_cancelado")]


def entrada_hostil(bancada: Bancada, porta: Porta) -> list[Compra]:
    antes = retrato_dos_bancos(bancada.sistema)
    assert {porta.criar(torto)[0].categoria for torto in TORTOS} == {"EntradaInvalida"}
    assert {porta.criar(pedido)[0].categoria for pedido in INEXISTENTES} == {"Recusado"}
    _mandar_por_rest(bancada) if porta.nome == "rest" else _mandar_por_grpc(bancada)
    assert retrato_dos_bancos(bancada.sistema) == antes
    return [comprar(porta)]


def intruso(bancada: Bancada, porta: Porta) -> list[Compra]:
    compra = comprar(porta)
    assert compra.pedido_id
    antes = retrato_dos_bancos(bancada.sistema)
    for credencial, categoria in ((None, "NaoAutenticado"), ("de-outra-loja", "NaoPermitido")):
        assert porta.criar(corpo(), credencial=credencial)[0].categoria == categoria
        for acao in ("consultar", "cancelar", "retomar", "entregar"):
            assert porta.agir(acao, compra.pedido_id, credencial)[0].categoria == categoria
    for acao in ("retomar", "entregar"):  # são de dentro, e a loja não é
        assert porta.agir(acao, compra.pedido_id, "da-loja")[0].categoria == "NaoPermitido"
    assert retrato_dos_bancos(bancada.sistema) == antes
    return [compra]


def _recusada(porta: Porta, pedido: dict[str, Any], codigo: str) -> Compra:
    compra = comprar(porta, pedido)
    assert compra.primeira and compra.primeira.codigo == codigo
    return compra


def _terminaram(compras: list[Compra]) -> bool:
    return all(compra.terminou() for compra in compras)


def _foi_enviada(compra: Compra) -> bool:
    if compra.confirmada is None or compra.pedido_id is None:  # ouviu que não
        return False
    agora, _ = compra.porta.agir("consultar", compra.pedido_id)
    return bool(agora.pedido and agora.pedido[0] == "enviado")


def _mandar_por_rest(bancada: Bancada) -> None:
    tipo = {"Content-Type": "application/json"}
    for bruto in NAO_E_UM_PEDIDO:
        resposta = bancada.sistema.pedir("POST", "pedidos", "/pedidos", data=bruto, headers=tipo)
        assert resposta.status_code in (400, 413), (bruto[:80], resposta.status_code)


def _mandar_por_grpc(bancada: Bancada) -> None:
    credencial = (("authorization", "Bearer da-loja"),)
    esperados = {b"\xff" * 40: "INVALID_ARGUMENT", b"\0" * 10_000_000: "RESOURCE_EXHAUSTED"}
    with abrir_canal(bancada.sistema.alvo("pedidos")) as canal:
        criar: Any = canal.unary_unary("/pedido.Pedido/CriarPedido")
        for bruto, esperado in esperados.items():
            try:
                criar(bruto, metadata=credencial, timeout=10)
            except grpc.RpcError as falha:
                assert falha.code().name == esperado, (bruto[:80], falha)
            else:
                raise AssertionError(f"aceitou {bruto[:80]!r}")
