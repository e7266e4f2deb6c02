"""O ./iniciar.sh como quem acaba de clonar o projeto o encontra."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
import requests
from dotenv import dotenv_values

from ecommerce.servicos import SERVICOS
from laboratorio.sistema.processos import esperar, porta_base_livre
from testes.apoio.inicio import (
    FOLGA_DA_PARADA_S,
    PRAZO_CHECKOUT_S,
    Iniciado,
    abertos_aos_outros,
    clonar,
    gunicorn_mestre,
    ouvinte,
)

PRIMEIRO_INICIO_S = 180  # inclui instalar as dependências
SEGUNDO_INICIO_S = 10
# como em toda universidade, mas este não atende: nada entre os nossos processos passa por ele
PROXIES = dict.fromkeys(
    ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "grpc_proxy", "all_proxy"),
    "http://127.0.0.1:9",
)


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clonar(tmp_path_factory.mktemp("clone"))


@pytest.fixture(scope="module")
def primeiro(clone: Path) -> Iterator[Iniciado]:
    """O primeiro `./iniciar.sh --demo`, já com a demonstração feita."""
    inicio = Iniciado(clone, "--demo", porta_base=porta_base_livre())
    try:
        inicio.esperar_demonstracao(PRIMEIRO_INICIO_S)
        # como um navegador, que abre uma conexão de reserva e nada pede por ela
        with socket.create_connection(("127.0.0.1", inicio.porta_base)):
            yield inicio
    finally:
        inicio.encerrar()


def teste_demo_num_clone_vazio_termina_com_um_pedido_enviado(primeiro: Iniciado) -> None:
    assert primeiro.processo.poll() is None, primeiro.saida
    for transporte in ("REST", "gRPC"):
        assert f"por {transporte}: enviado, R$" in primeiro.saida
    for servico, operacao in [
        ("pedidos", "criar_pedido"),
        ("pagamentos", "processar_pagamento"),
        ("estoque", "separar_estoque"),
        ("fiscal", "emitir_nota"),
        ("logistica", "agendar_envio"),
    ]:
        assert any(
            servico in linha and operacao in linha and "│" in linha
            for linha in primeiro.saida.splitlines()
        ), f"falta {operacao} de {servico}"


def teste_chaves_novas_so_para_o_dono_e_fora_da_saida(clone: Path, primeiro: Iniciado) -> None:
    chaves = dotenv_values(clone / ".env")

    assert abertos_aos_outros(clone / ".env") == abertos_aos_outros(clone / "dados") == set()
    assert {"SECRET_KEY", "CHAVE_LOJA", "CHAVE_INTERNA", "ADMIN_SENHA"} <= chaves.keys()
    assert len(set(chaves.values())) == len(chaves)
    assert not [nome for nome, valor in chaves.items() if not valor or valor in primeiro.saida]


@pytest.mark.parametrize("servico", SERVICOS)
def teste_admin_entra_com_a_senha_do_env(clone: Path, primeiro: Iniciado, servico: str) -> None:
    url = f"http://127.0.0.1:{primeiro.porta_base + SERVICOS[servico].posicao}/admin/login/"
    senha = dotenv_values(clone / ".env")["ADMIN_SENHA"]
    with requests.Session() as http:
        http.trust_env = False
        http.get(url, timeout=30)
        formulario = {"username": "admin", "password": senha, "next": "/admin/"}
        formulario["csrfmiddlewaretoken"] = http.cookies[f"csrf_{servico}"]

        entrada = http.post(url, data=formulario, allow_redirects=False, timeout=30)

    assert entrada.status_code == 302, entrada.text
    assert entrada.headers["Location"] == "/admin/"


def teste_porta_ocupada_e_dita_antes_de_comecar_qualquer_coisa(
    clone: Path, primeiro: Iniciado
) -> None:
    base = porta_base_livre()
    for ocupada in (base + 2, base + len(SERVICOS) + 2):  # a de REST e a de gRPC
        with socket.create_server(("127.0.0.1", ocupada)):
            segundo = Iniciado(clone, porta_base=base, DADOS_DIR=str(clone / "nunca"))
            codigo = segundo.processo.wait(30)

        assert codigo != 0
        assert f"porta {ocupada}, de estoque" in segundo.saida
    assert not (clone / "nunca").exists()


def teste_um_valor_que_nao_serve_e_dito_antes_de_comecar_qualquer_coisa(
    clone: Path, primeiro: Iniciado
) -> None:
    inicio = Iniciado(
        clone,
        porta_base=porta_base_livre(),
        PRAZO_CHECKOUT_MS="abc",
        DADOS_DIR=str(clone / "nunca"),
    )

    assert inicio.processo.wait(30) == 1
    assert inicio.saida == (
        "erro: PRAZO_CHECKOUT_MS deve ser um inteiro de 1 a 600000, e não 'abc'.\n"
    )
    assert not (clone / "nunca").exists()


def teste_dois_sistemas_nao_dividem_os_dados(clone: Path, primeiro: Iniciado) -> None:
    # dado um sistema no ar, quando outro começa na mesma pasta com outras portas
    segundo = Iniciado(clone, porta_base=porta_base_livre())
    try:
        codigo = segundo.processo.wait(30)
    finally:
        segundo.encerrar()

    # então ele diz de quem são os dados e acaba, e o primeiro nem percebe
    assert codigo == 1
    assert "outro sistema já usa os dados" in segundo.saida
    assert "DADOS_DIR" in segundo.saida
    assert primeiro.pronto("pedidos")


@pytest.mark.parametrize("vitima", ["mestre", "worker", "supervisor"])
def teste_processo_morto_volta_e_nao_leva_outro_junto(primeiro: Iniciado, vitima: str) -> None:
    # dado o gunicorn que escuta na porta de pagamentos
    antes = {servico: gunicorn_mestre(primeiro, servico) for servico in SERVICOS}
    mestre = antes["pagamentos"]
    alvo = {"mestre": mestre, "worker": mestre.children()[0], "supervisor": mestre.parent()}[vitima]

    # quando um deles leva um kill -9
    alvo.kill()
    alvo.wait(5)

    # então o serviço volta com outro processo, e nenhum outro serviço mudou de processo
    esperar(lambda: _voltou(primeiro, alvo.pid), 10, f"volta de pagamentos, {vitima} morto")
    assert {s: gunicorn_mestre(primeiro, s) for s in SERVICOS if s != "pagamentos"} == {
        s: m for s, m in antes.items() if s != "pagamentos"
    }


def teste_sigterm_ao_grupo_espera_o_post_em_curso_e_encerra_tudo(
    clone: Path, primeiro: Iniciado
) -> None:
    # dado um checkout de 3 s em curso
    chave = dotenv_values(clone / ".env")["CHAVE_LOJA"] or ""
    cliente = primeiro.pedir("GET", "pedidos", "/clientes", chave=chave).json()["results"][0]
    produtos = primeiro.pedir("GET", "catalogo", "/produtos").json()
    produto = max(produtos, key=lambda produto: produto["estoque"])
    corpo = {
        "cliente_id": cliente["id"],
        "itens": [{"produto_id": produto["id"], "quantidade": 1}],
        "metodo": "cartao_credito",
        "cartao": {"token": "tok_lento"},
    }
    descendentes = primeiro.descendentes()
    ultimo = _ultimo_pedido(primeiro, chave)
    with ThreadPoolExecutor(1) as fundo:
        em_curso = fundo.submit(
            primeiro.pedir, "POST", "pedidos", "/pedidos", chave=chave, json=corpo
        )
        esperar(lambda: _ultimo_pedido(primeiro, chave) != ultimo, 5, "o pedido nascer")

        # quando chega o SIGTERM
        os.killpg(primeiro.processo.pid, signal.SIGTERM)

        # então o pedido recebe a sua resposta, e ninguém sobra nem espera por quem nada pediu
        sinal = time.monotonic()
        resposta = em_curso.result()
    assert primeiro.processo.wait(PRAZO_CHECKOUT_S + FOLGA_DA_PARADA_S) == 0
    assert time.monotonic() - sinal < PRAZO_CHECKOUT_S + 2  # o que o gunicorn espera por quem pediu
    assert resposta.status_code == 201, resposta.text
    assert resposta.json()["status"] == "enviado"
    assert not [processo for processo in descendentes if processo.is_running()]


@pytest.fixture(scope="module")
def env_escrito(clone: Path, primeiro: Iniciado) -> bytes:
    return (clone / ".env").read_bytes()


@pytest.fixture(scope="module")
def segundo(clone: Path, primeiro: Iniciado, env_escrito: bytes) -> Iterator[Iniciado]:
    """Outro início no mesmo clone, com outra chave da loja no ambiente e um proxy que não atende.

    Tem três tentativas de ser rápido, porque a máquina pode estar ocupada com outra coisa.
    """
    primeiro.encerrar()
    (clone / ".env").chmod(0o644)  # como os deixaria um `cp`
    (clone / "dados").chmod(0o755)
    inicios: list[Iniciado] = []
    try:
        while len(inicios) < 3 and all(i.levou_s > SEGUNDO_INICIO_S for i in inicios):
            for anterior in inicios:
                anterior.encerrar()
            base = porta_base_livre()
            inicios.append(Iniciado(clone, porta_base=base, CHAVE_LOJA="so-desta-vez", **PROXIES))
            inicios[-1].esperar_prontos()
        yield inicios[-1]
    finally:
        for inicio in inicios:
            inicio.encerrar()


def teste_segundo_inicio_e_rapido_e_guarda_tudo(
    clone: Path, env_escrito: bytes, segundo: Iniciado
) -> None:
    pedidos = segundo.pedir("GET", "pedidos", "/pedidos", chave="so-desta-vez")

    assert pedidos.status_code == 200, pedidos.text
    assert pedidos.json()["results"]
    assert (clone / ".env").read_bytes() == env_escrito
    assert abertos_aos_outros(clone / ".env") == abertos_aos_outros(clone / "dados") == set()
    assert segundo.levou_s < SEGUNDO_INICIO_S


def teste_o_ambiente_vence_o_env(clone: Path, segundo: Iniciado) -> None:
    do_env = dotenv_values(clone / ".env")["CHAVE_LOJA"] or ""

    assert segundo.pedir("GET", "pedidos", "/pedidos", chave=do_env).status_code == 403


def teste_sistema_morto_sem_aviso_nao_deixa_ninguem_para_tras(segundo: Iniciado) -> None:
    descendentes = segundo.descendentes()

    segundo.processo.kill()

    psutil.wait_procs(descendentes, timeout=PRAZO_CHECKOUT_S + FOLGA_DA_PARADA_S)
    assert not [processo for processo in descendentes if processo.is_running()]


def teste_demo_que_nao_chega_a_enviado_encerra_tudo_com_erro(
    clone: Path, primeiro: Iniciado
) -> None:
    # dado que pedidos procura pagamentos onde ninguém atende
    primeiro.encerrar()
    base = porta_base_livre()
    surdo = f"http://127.0.0.1:{porta_base_livre()}"

    # quando a demonstração roda
    inicio = Iniciado(clone, "--demo", porta_base=base, PAGAMENTOS_REST_URL=surdo)
    try:
        codigo = inicio.processo.wait(60)
    finally:
        inicio.encerrar()

    # então ela diz o que houve e não deixa ninguém escutando
    assert codigo == 1
    assert "não enviado" in inicio.saida
    assert not [s for s in SERVICOS if ouvinte(inicio, s)]


def _ultimo_pedido(inicio: Iniciado, chave: str) -> int:
    pedidos = inicio.pedir("GET", "pedidos", "/pedidos", chave=chave).json()["results"]
    numero: int = pedidos[0]["id"]
    return numero


def _voltou(inicio: Iniciado, morto: int) -> bool:
    if not inicio.pronto("pagamentos"):
        return False
    mestre = gunicorn_mestre(inicio, "pagamentos")
    return morto not in {mestre.pid, mestre.ppid(), *(p.pid for p in mestre.children())}
