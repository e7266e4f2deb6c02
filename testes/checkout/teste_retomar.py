"""O processo `retomar`: o que fica pelo caminho termina sozinho, uma vez só, por onde chegou."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from laboratorio.sistema.processos import RAIZ, TERMINA_EM_S, Sistema, esperar
from testes.apoio.compras import ENVIADO, abastecer, corpo, por_pedido
from testes.apoio.portas import Porta, duas_portas

CANCELADO = {
    "pedidos": "cancelado",
    "pagamentos": "estornado",
    "estoque": "liberado",
    "fiscal": "cancelada",
    "logistica": "cancelado",
}
Cenario = tuple[Sistema, tuple[Porta, ...]]


@pytest.fixture
def cenario(novo_sistema: Callable[..., Sistema]) -> Iterator[Cenario]:
    sistema = novo_sistema()
    sistema.iniciar()
    abastecer(sistema, 1)
    with duas_portas(sistema) as portas:
        yield sistema, portas


def derrubar(sistema: Sistema, servico: str) -> None:
    for nome in (servico, f"{servico}-grpc"):
        sistema.matar(nome)


def levantar(sistema: Sistema, servico: str) -> None:
    sistema.iniciar(servico, f"{servico}-grpc")


def criar(porta: Porta) -> int:
    resposta, pedido_id = porta.criar(corpo())
    assert resposta.categoria == "feito" and pedido_id
    return pedido_id


def acabar_como(sistema: Sistema, pedido_id: int, estado: dict[str, str]) -> None:
    esperar(
        lambda: por_pedido(sistema, pedido_id) == estado,
        TERMINA_EM_S,
        f"o pedido {pedido_id} acabar: {por_pedido(sistema, pedido_id)}",
    )


def cobrancas(sistema: Sistema, pedido_id: int) -> list[tuple[str, str]]:
    operacoes = sistema.ler("pagamentos", "/operacoes", pedido_id=pedido_id)["results"]
    return [(o["resultado"], o["transporte"]) for o in operacoes]


def teste_o_servico_volta_e_os_pedidos_terminam_sozinhos(cenario: Cenario) -> None:
    sistema, portas = cenario
    derrubar(sistema, "fiscal")
    a_caminho = {porta.nome: criar(porta) for porta in portas}
    cancelando = [criar(porta) for porta in portas]
    for porta, pedido_id in zip(portas, cancelando, strict=True):
        porta.agir("cancelar", pedido_id)
    time.sleep(2)  # para que o retomar já esteja esperando entre tentativas
    levantar(sistema, "fiscal")
    for transporte, pedido_id in a_caminho.items():
        acabar_como(sistema, pedido_id, ENVIADO)
        assert cobrancas(sistema, pedido_id) == [("aprovado", transporte)]
    for pedido_id in cancelando:
        acabar_como(sistema, pedido_id, CANCELADO)


def teste_acorda_na_hora_e_nao_so_pelo_relogio(novo_sistema: Callable[..., Sistema]) -> None:
    # dado um `retomar` que sozinho só olharia daqui a um minuto
    sistema = novo_sistema(RETOMAR_INTERVALO_S="60")
    sistema.iniciar()
    abastecer(sistema, 1)
    derrubar(sistema, "logistica")
    with duas_portas(sistema) as portas:
        pedido_id = criar(portas[0])
    tentou = sistema.pasta / "retomar.log"
    esperar(lambda: f'"pedido_id":{pedido_id}' in tentou.read_text(), 3, "a primeira tentativa")


def teste_nos_dados_do_sistema_no_ar_so_ha_arquivos_e_pastas(cenario: Cenario) -> None:
    # para que se copiem e se guardem com qualquer programa
    sistema, _ = cenario
    nomes = {achado: stat.S_IFMT(achado.lstat().st_mode) for achado in sistema.pasta.rglob("*")}
    assert sistema.pasta / "retomar.aviso" in nomes
    assert set(nomes.values()) <= {stat.S_IFREG, stat.S_IFDIR}, nomes


def teste_pedidos_morto_no_meio_o_pedido_termina_com_uma_cobranca(cenario: Cenario) -> None:
    # dado um pedido cuja operadora leva 3 s, e o processo que o conduz morto nesse tempo
    sistema, _ = cenario
    compra = (
        "import requests, sys; requests.post(sys.argv[1], json={'cliente_id': 1, 'itens':"
        " [{'produto_id': 1, 'quantidade': 1}], 'metodo': 'cartao_credito',"
        " 'cartao': {'token': 'tok_lento'}}, headers={'Authorization': 'Bearer da-loja'})"
    )
    antes = sistema.ler("pedidos", "/pedidos")["results"][0]["id"]
    url = f"{sistema.url('pedidos')}/pedidos"
    comprador = subprocess.Popen(
        [sys.executable, "-c", compra, url], cwd=RAIZ, stderr=subprocess.DEVNULL
    )
    pedido_id = antes + 1
    esperar(
        lambda: sistema.ler("pedidos", "/pedidos")["results"][0]["id"] == pedido_id, 5, "nascer"
    )
    sistema.matar("pedidos")
    assert comprador.wait(10) != 0
    sistema.iniciar("pedidos")
    acabar_como(sistema, pedido_id, ENVIADO)
    assert cobrancas(sistema, pedido_id) == [("aprovado", "rest")]


def teste_dois_ao_mesmo_tempo_nao_cobram_duas_vezes(cenario: Cenario) -> None:
    sistema, portas = cenario
    segundo = subprocess.Popen(
        [sys.executable, "manage.py", "retomar", "--settings=ecommerce.settings.pedidos"],
        cwd=RAIZ,
        env=sistema.ambiente,
        stdout=subprocess.DEVNULL,
    )
    derrubar(sistema, "estoque")
    pedidos = [criar(portas[n % 2]) for n in range(10)]
    levantar(sistema, "estoque")
    for pedido_id in pedidos:
        acabar_como(sistema, pedido_id, ENVIADO)
        assert len(cobrancas(sistema, pedido_id)) == 1
        separacoes = sistema.ler("estoque", "/operacoes", pedido_id=pedido_id)["results"]
        assert [s["resultado"] for s in separacoes] == ["separado"]
    os.kill(segundo.pid, 15)
    assert segundo.wait(15) == 0


def teste_retomar_morto_volta_e_continua_de_onde_estava(cenario: Cenario) -> None:
    sistema, portas = cenario
    derrubar(sistema, "logistica")
    pedido_id = criar(portas[0])
    sistema.matar("retomar")
    levantar(sistema, "logistica")
    sistema.iniciar("retomar")
    acabar_como(sistema, pedido_id, ENVIADO)


def teste_depois_de_muito_tentar_desiste(novo_sistema: Callable[..., Sistema]) -> None:
    sistema = novo_sistema(DESISTIR_APOS_S="2")
    sistema.iniciar()
    abastecer(sistema, 1)
    derrubar(sistema, "fiscal")
    with duas_portas(sistema) as portas:
        pedido_id = criar(portas[1])
    ler = partial(sistema.ler, "pedidos", f"/pedidos/{pedido_id}")
    esperar(lambda: ler()["status"] == "cancelando", 20, "desistir")
    levantar(sistema, "fiscal")
    acabar_como(sistema, pedido_id, CANCELADO)
    assert ler()["motivo"] == "desistencia"
