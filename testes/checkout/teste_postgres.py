"""O mesmo checkout com os seis bancos num PostgreSQL de verdade."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import psycopg
import pytest
import requests

from ecommerce.servicos import SERVICOS
from laboratorio.sistema.processos import Sistema, esperar, preparar_bancos
from testes.apoio.entradas import duas_portas as duas_portas_do_estoque
from testes.apoio.entradas import vinte_ao_mesmo_tempo
from testes.apoio.portas import Porta, duas_portas

ACABADOS = ("enviado", "cancelado")


@pytest.fixture(scope="module")
def servidor() -> Iterator[Path]:
    """Um PostgreSQL só deste módulo, que escuta num socket da pasta devolvida."""
    programas = _programas_do_postgres()
    # o PostgreSQL não roda como root, e o dono do cluster tem de alcançar a pasta
    dono = "postgres" if os.geteuid() == 0 else None
    pasta = Path(tempfile.mkdtemp(prefix="pg-"))
    if dono:
        shutil.chown(pasta, dono)

    def executar(programa: str, *argumentos: str) -> None:
        comando = [f"{programas}/{programa}", "-D", f"{pasta}/dados", *argumentos]
        subprocess.run(comando, user=dono, cwd=pasta, check=True, stdout=subprocess.DEVNULL)

    opcoes = f"-k {pasta} -c listen_addresses='' -c fsync=off -c max_connections=300"
    executar("initdb", "-A", "trust", "-U", "postgres", "-N")
    executar("pg_ctl", "-w", "-l", f"{pasta}/log", "-o", opcoes, "start")
    yield pasta
    executar("pg_ctl", "-m", "immediate", "stop")
    shutil.rmtree(pasta)


def _programas_do_postgres() -> Path:
    """A pasta do initdb; sem PostgreSQL o teste é saltado, mas na CI ele falha."""
    do_debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if initdb := shutil.which("initdb") or (do_debian and do_debian[-1]):
        return Path(initdb).resolve().parent
    motivo = "não há PostgreSQL nesta máquina (no Debian: apt install postgresql)"
    if os.environ.get("CI") == "true":
        pytest.fail(motivo)
    pytest.skip(motivo)


def seis_bancos(servidor: Path) -> dict[str, str]:
    """Cria um banco por serviço; devolve as variáveis de ambiente que levam a eles."""
    with psycopg.connect(host=str(servidor), user="postgres", autocommit=True) as banco:
        nomes = [nome for servico in SERVICOS.values() for nome in servico.bancos.values()]
        for nome in nomes:
            banco.execute(f"CREATE DATABASE {nome}")
    host = str(servidor).replace("/", "%2F")
    return {f"{n.upper()}_DATABASE_URL": f"postgres://postgres@{host}/{n}" for n in nomes}


@pytest.fixture(scope="module")
def sistema(servidor: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sistema]:
    no_postgres = Sistema(tmp_path_factory.mktemp("postgres"), seis_bancos(servidor))
    try:
        preparar_bancos(no_postgres.ambiente)
        no_postgres.iniciar()
        yield no_postgres
    finally:
        no_postgres.encerrar()


def teste_checkout_completo_passa_pelos_seis_bancos(sistema: Sistema) -> None:
    produto, cliente = _produto_com(sistema, 5), _novo_cliente(sistema, "inteiro")

    resposta = _comprar(sistema, cliente, produto, quantidade=2)

    assert resposta.status_code == 201, resposta.text
    pedido = resposta.json()
    assert pedido["status"] == "enviado"
    assert sistema.ler("pagamentos", f"/pagamentos/{pedido['id']}")["status"] == "aprovado"
    assert sistema.ler("estoque", f"/separacoes/{pedido['id']}")["status"] == "separado"
    assert sistema.ler("fiscal", f"/notas/{pedido['id']}")["status"] == "emitida"
    assert sistema.ler("logistica", f"/envios/{pedido['id']}")["status"] == "aguardando_envio"
    assert _disponivel(sistema, produto) == 3
    assert not list(sistema.pasta.glob("*.db")), "algum serviço usou o SQLite"


def teste_cortadas_as_conexoes_com_o_banco_as_threads_abrem_outras(
    sistema: Sistema, servidor: Path
) -> None:
    produto, cliente = _produto_com(sistema, 1), _novo_cliente(sistema, "cortado")
    pedido = _comprar(sistema, cliente, produto).json()["id"]
    with duas_portas(sistema) as portas, ThreadPoolExecutor(30) as clientes:

        def todas_servem(porta: Porta) -> bool:
            ouvidas = clientes.map(lambda _: porta.agir("consultar", pedido)[0], range(60))
            return {resposta.categoria for resposta in ouvidas} == {"feito"}

        # dadas muitas threads, cada uma com a sua conexão aberta
        assert all([todas_servem(porta) for porta in portas])
        # quando o banco as corta
        with psycopg.connect(host=str(servidor), user="postgres", autocommit=True) as banco:
            banco.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'pedidos'"
            )
        # então cada thread falha uma vez quando muito
        for porta in portas:
            esperar(partial(todas_servem, porta), 20, f"todas as threads por {porta.nome}")


def teste_cortadas_as_conexoes_com_a_operadora_volta_se_a_pagar(
    sistema: Sistema, servidor: Path
) -> None:
    produto, cliente = _produto_com(sistema, 400), _novo_cliente(sistema, "operadora")
    with ThreadPoolExecutor(16) as clientes:

        def todas_pagam() -> bool:
            respostas = clientes.map(lambda _: _comprar(sistema, cliente, produto), range(32))
            return {resposta.status_code for resposta in respostas} == {201}

        assert todas_pagam()
        with psycopg.connect(host=str(servidor), user="postgres", autocommit=True) as banco:
            banco.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'operadora'"
            )
        esperar(todas_pagam, 20, "todas as threads")


def teste_cinquenta_compradores_de_dez_pecas(sistema: Sistema) -> None:
    produto, cliente = _produto_com(sistema, 10), _novo_cliente(sistema, "corrida")

    with ThreadPoolExecutor(50) as compradores:
        respostas = list(compradores.map(lambda _: _comprar(sistema, cliente, produto), range(50)))

    assert {r.status_code for r in respostas} <= {201, 202, 422}, [r.text for r in respostas]
    pedidos = [_levado_ao_fim(sistema, resposta) for resposta in respostas]
    enviados = [pedido for pedido in pedidos if pedido["status"] == "enviado"]
    assert len(enviados) == 10
    assert {p["motivo"] for p in pedidos if p not in enviados} == {"sem_estoque"}
    assert _disponivel(sistema, produto) == 0


def teste_vinte_posts_com_a_mesma_chave_fazem_um_pedido(sistema: Sistema) -> None:
    produto, cliente = _produto_com(sistema, 20), _novo_cliente(sistema, "chave")
    chave = {"Idempotency-Key": "a-mesma-vinte-vezes"}

    with ThreadPoolExecutor(20) as compradores:
        respostas = list(
            compradores.map(lambda _: _comprar(sistema, cliente, produto, headers=chave), range(20))
        )

    depois = _comprar(sistema, cliente, produto, headers=chave)
    assert {r.status_code for r in respostas} <= {201, 409}, [r.text for r in respostas]
    assert depois.status_code == 201, depois.text
    assert all(r.json() == depois.json() for r in respostas if r.status_code == 201)
    assert all(r.json()["codigo"] == "chave_em_uso" for r in respostas if r.status_code == 409)
    assert len(sistema.ler("pedidos", "/pedidos", cliente_id=cliente)["results"]) == 1
    assert _disponivel(sistema, produto) == 19


def teste_vinte_entradas_com_a_mesma_chave_entram_uma_vez(sistema: Sistema) -> None:
    for produto in range(820, 825):
        assert vinte_ao_mesmo_tempo(sistema, produto) == {(produto, 7, 0, 7)}
        assert _disponivel(sistema, produto) == 7


def teste_uma_entrada_esquece_as_chaves_velhas_sem_esperar_por_quem_as_segura(
    sistema: Sistema, servidor: Path
) -> None:
    with (
        duas_portas_do_estoque(sistema) as (dar, _),
        psycopg.connect(host=str(servidor), user="postgres", dbname="estoque") as banco,
    ):
        for chave in ("velha presa", "velha"):
            dar(830, 1, chave)
        banco.execute("UPDATE estoque_entradacomchave SET criada_em = now() - interval '25 hours'")
        banco.commit()
        # quando outra transação segura uma delas
        presa = "SELECT 1 FROM estoque_entradacomchave WHERE chave = 'velha presa' FOR UPDATE"
        banco.execute(presa)
        # então a entrada não espera, e a outra vai embora
        assert dar(830, 1, "nova") == (830, 3, 0, 3)
        restam = banco.execute("SELECT chave FROM estoque_entradacomchave ORDER BY chave")
        assert restam.fetchall() == [("nova",), ("velha presa",)]


def teste_cancelar_desfaz_nos_quatro_servicos(sistema: Sistema) -> None:
    produto, cliente = _produto_com(sistema, 3), _novo_cliente(sistema, "cancela")
    pedido = _comprar(sistema, cliente, produto, quantidade=3).json()

    cancelado = sistema.pedir("POST", "pedidos", f"/pedidos/{pedido['id']}/cancelar")

    assert cancelado.status_code == 200, cancelado.text
    assert cancelado.json()["status"] == "cancelado"
    assert sistema.ler("pagamentos", f"/pagamentos/{pedido['id']}")["status"] == "estornado"
    assert sistema.ler("estoque", f"/separacoes/{pedido['id']}")["status"] == "liberado"
    assert sistema.ler("fiscal", f"/notas/{pedido['id']}")["status"] == "cancelada"
    assert sistema.ler("logistica", f"/envios/{pedido['id']}")["status"] == "cancelado"
    assert _disponivel(sistema, produto) == 3


def _produto_com(sistema: Sistema, pecas: int) -> int:
    """Um produto do catálogo com exatamente essas peças disponíveis: o de menor estoque."""
    produto = min(sistema.ler("catalogo", "/produtos"), key=lambda p: (p["estoque"], p["id"]))["id"]
    faltam = pecas - _disponivel(sistema, produto)
    if faltam > 0:
        entrada = {"quantidade": faltam}
        caminho = f"/estoque/{produto}/entrada"
        assert sistema.pedir("POST", "estoque", caminho, chave="interna", json=entrada).ok
    elif faltam < 0:
        sobra = _comprar(sistema, _novo_cliente(sistema, "sobra"), produto, quantidade=-faltam)
        assert sobra.status_code == 201, sobra.text
    return produto


def _novo_cliente(sistema: Sistema, nome: str) -> int:
    corpo = {"nome": f"Cliente {nome}", "email": f"{nome}-{os.urandom(4).hex()}@exemplo.com"}
    resposta = sistema.pedir("POST", "pedidos", "/clientes", json=corpo)
    assert resposta.status_code == 201, resposta.text
    return int(resposta.json()["id"])


def _comprar(
    sistema: Sistema,
    cliente: int,
    produto: int,
    *,
    quantidade: int = 1,
    headers: dict[str, str] | None = None,
) -> requests.Response:
    itens = [{"produto_id": produto, "quantidade": quantidade}]
    corpo = {"cliente_id": cliente, "itens": itens, "metodo": "pix"}
    return sistema.pedir("POST", "pedidos", "/pedidos", json=corpo, headers=headers or {})


def _levado_ao_fim(sistema: Sistema, resposta: requests.Response) -> dict[str, str]:
    """O pedido da resposta, conduzido de novo enquanto não termina."""
    corpo = resposta.json()
    caminho = f"/pedidos/{corpo.get('pedido_id') or corpo['id']}"

    def acabado() -> dict[str, str] | None:
        sistema.pedir("POST", "pedidos", f"{caminho}/retomar", chave="interna")
        pedido = sistema.ler("pedidos", caminho)
        return pedido if pedido["status"] in ACABADOS else None

    return esperar(acabado, 30, f"o fim de {caminho}")


def _disponivel(sistema: Sistema, produto: int) -> int:
    return int(sistema.ler("estoque", f"/estoque/{produto}")["disponivel"])
