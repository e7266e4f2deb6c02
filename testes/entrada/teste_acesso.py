"""Quem pode chamar o quê (docs/contrato.md), operação por operação, e o que vaza."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import requests

from ecommerce.servicos import SERVICOS
from laboratorio.sistema.processos import CHAVES, RAIZ, Sistema
from testes.apoio.permissoes import permissao
from testes.apoio.recusas import problema

# quem abre cada operação: qualquer um, a chave da loja, ou só a interna e a equipe
OPERACOES = {
    ("pedidos", "POST", "/pedidos"): "loja",
    ("pedidos", "GET", "/pedidos"): "loja",
    ("pedidos", "GET", "/pedidos/{id}"): "loja",
    ("pedidos", "POST", "/pedidos/{id}/cancelar"): "loja",
    ("pedidos", "POST", "/pedidos/{id}/retomar"): "interna",
    ("pedidos", "POST", "/pedidos/{id}/entregar"): "interna",
    ("pedidos", "GET", "/clientes"): "loja",
    ("pedidos", "POST", "/clientes"): "loja",
    ("pedidos", "GET", "/clientes/{id}"): "loja",
    ("pagamentos", "POST", "/pagamentos"): "interna",
    ("pagamentos", "GET", "/pagamentos"): "interna",
    ("pagamentos", "GET", "/pagamentos/{pedido_id}"): "interna",
    ("pagamentos", "POST", "/pagamentos/{pedido_id}/estornar"): "interna",
    ("pagamentos", "GET", "/operadora/lancamentos"): "interna",
    ("estoque", "POST", "/estoque/separar"): "interna",
    ("estoque", "POST", "/estoque/liberar"): "interna",
    ("estoque", "POST", "/estoque/{produto_id}/entrada"): "interna",
    ("estoque", "GET", "/estoque"): "interna",
    ("estoque", "GET", "/estoque/{produto_id}"): "interna",
    ("estoque", "GET", "/separacoes"): "interna",
    ("estoque", "GET", "/separacoes/{pedido_id}"): "interna",
    ("fiscal", "POST", "/notas"): "interna",
    ("fiscal", "GET", "/notas"): "interna",
    ("fiscal", "GET", "/notas/{pedido_id}"): "interna",
    ("fiscal", "POST", "/notas/{pedido_id}/cancelar"): "interna",
    ("logistica", "POST", "/envios"): "interna",
    ("logistica", "GET", "/envios"): "interna",
    ("logistica", "GET", "/envios/{pedido_id}"): "interna",
    ("logistica", "POST", "/envios/{pedido_id}/cancelar"): "interna",
    ("logistica", "POST", "/envios/{pedido_id}/entregar"): "interna",
    ("catalogo", "GET", "/produtos"): "publica",
    ("catalogo", "GET", "/produtos/{id}"): "publica",
    ("catalogo", "GET", "/precos"): "interna",
} | {
    (servico, "GET", caminho): acesso
    for servico in SERVICOS
    for caminho, acesso in [
        ("/saude", "sonda"),
        ("/prontidao", "sonda"),
        ("/operacoes", "interna"),
        ("/api/esquema", "sonda"),
        ("/api/docs", "sonda"),
    ]
}
FORA_DO_ESQUEMA = {"/api/esquema", "/api/docs"}
ACEITO = 0
# o que ouve cada credencial: uma sonda nem olha credenciais, e uma chave errada nunca é ignorada
RESPOSTAS = {
    "nenhuma": {"sonda": ACEITO, "publica": ACEITO, "loja": 401, "interna": 401},
    "chave errada": {"sonda": ACEITO, "publica": 403, "loja": 403, "interna": 403},
    "chave vazia": {"sonda": ACEITO, "publica": 403, "loja": 403, "interna": 403},
    "esquema errado": {"sonda": ACEITO, "publica": 403, "loja": 403, "interna": 403},
    "chave da loja": {"sonda": ACEITO, "publica": ACEITO, "loja": ACEITO, "interna": 403},
    "chave interna": {"sonda": ACEITO, "publica": ACEITO, "loja": ACEITO, "interna": ACEITO},
    "pessoa de fora": {"sonda": ACEITO, "publica": ACEITO, "loja": 403, "interna": 403},
    # a um superusuário, o que o admin oferece: o resto é só dos programas
    "equipe": {"sonda": ACEITO, "publica": ACEITO},
}
CABECALHOS = {
    "chave errada": "Bearer chave-de-outra-loja",
    "chave vazia": "Bearer ",
    "esquema errado": f"Basic {CHAVES['CHAVE_INTERNA']}",
    "chave da loja": f"Bearer {CHAVES['CHAVE_LOJA']}",
    "chave interna": f"bearer {CHAVES['CHAVE_INTERNA']}",
}
PESSOAS = ("pessoa de fora", "equipe")
SENTAR_PESSOAS = """
from django.contrib.auth.models import User
from django.test import Client
for pessoa in (User.objects.create_user("visita"), User.objects.get(username="admin")):
    navegador = Client()
    navegador.force_login(pessoa)
    print(*(biscoito.value for biscoito in navegador.cookies.values()))
"""


@pytest.fixture(scope="module")
def proprio(bancos_prontos: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sistema]:
    """Um sistema só deste módulo, que deixa lápides, tem visitas e esgota o limite de anônimos."""
    pasta = tmp_path_factory.mktemp("acesso")
    shutil.copytree(bancos_prontos, pasta, dirs_exist_ok=True)
    sistema = Sistema(pasta)
    try:
        sistema.iniciar()
        yield sistema
    finally:
        sistema.encerrar()


@pytest.fixture(scope="module")
def sessoes(proprio: Sistema) -> dict[tuple[str, str], str]:
    """A sessão, em cada serviço, de alguém que não é da equipe e de alguém que é."""
    comandos = {
        servico: subprocess.Popen(
            [
                *(sys.executable, "manage.py", "shell", "-v0", "-c", SENTAR_PESSOAS),
                f"--settings={SERVICOS[servico].settings}",
            ],
            cwd=RAIZ,
            env=proprio.ambiente,
            stdout=subprocess.PIPE,
            text=True,
        )
        for servico in SERVICOS
    }
    return {
        (servico, pessoa): sessao
        for servico, comando in comandos.items()
        for pessoa, sessao in zip(PESSOAS, comando.communicate()[0].split(), strict=True)
    }


def quem(servico: str, credencial: str, sessoes: dict[tuple[str, str], str]) -> requests.Session:
    """Uma sessão HTTP que apresenta a credencial a este serviço."""
    http = requests.Session()
    http.trust_env = False
    if credencial in CABECALHOS:
        http.headers["Authorization"] = CABECALHOS[credencial]
    if credencial in PESSOAS:
        http.cookies[f"sessao_{servico}"] = sessoes[servico, credencial]
        http.cookies[f"csrf_{servico}"] = http.headers["X-CSRFToken"] = "c" * 32
    return http


def teste_a_tabela_tem_todas_as_operacoes_que_existem(proprio: Sistema) -> None:
    anunciadas = {
        (servico, metodo.upper(), caminho)
        for servico in SERVICOS
        for caminho, metodos in proprio.pedir(
            "GET", servico, "/api/esquema", headers={"Accept": "application/json"}
        )
        .json()["paths"]
        .items()
        for metodo in metodos
    }
    assert anunciadas == {op for op in OPERACOES if op[2] not in FORA_DO_ESQUEMA}


@pytest.mark.parametrize("credencial", RESPOSTAS)
@pytest.mark.parametrize("servico", SERVICOS)
def teste_cada_credencial_abre_so_o_que_deve(
    proprio: Sistema, sessoes: dict[tuple[str, str], str], servico: str, credencial: str
) -> None:
    with quem(servico, credencial, sessoes) as http:
        for (dono, metodo, modelo), acesso in OPERACOES.items():
            if dono != servico:
                continue
            caminho = modelo.replace("{id}", "800001").replace("{pedido_id}", "800001")
            url = proprio.url(servico) + caminho.replace("{produto_id}", "800001")
            resposta = http.request(metodo, url, json={} if metodo == "POST" else None, timeout=30)
            da_pessoa = ACEITO if permissao(servico, metodo, modelo) else 403
            esperada = RESPOSTAS[credencial].get(acesso, da_pessoa)
            onde = f"{credencial}: {metodo} {modelo} -> {resposta.status_code}"
            if esperada == ACEITO:
                assert resposta.status_code in (200, 202, 400, 404, 409), onde
            else:
                assert resposta.status_code == esperada, onde
                codigo = "nao_autenticado" if esperada == 401 else "nao_permitido"
                conferir_que_nada_vaza(problema(resposta, esperada, codigo))
                assert ("WWW-Authenticate" in resposta.headers) == (esperada == 401)


def conferir_que_nada_vaza(corpo: dict[str, Any]) -> None:
    for segredo in (*CHAVES.values(), "Traceback", "SELECT", "site-packages", str(RAIZ), "line "):
        assert segredo not in str(corpo), corpo


def teste_a_sessao_sem_o_token_csrf_nao_escreve(
    proprio: Sistema, sessoes: dict[tuple[str, str], str]
) -> None:
    with quem("estoque", "equipe", sessoes) as http:
        del http.headers["X-CSRFToken"]
        url = f"{proprio.url('estoque')}/estoque/1/entrada"
        problema(http.post(url, json={"quantidade": 1}), 403, "nao_permitido")


def teste_o_metodo_que_nao_ha_e_405_para_quem_se_identificou(proprio: Sistema) -> None:
    for metodo in ("PUT", "PATCH", "DELETE"):
        for chave in ("da-loja", "interna"):
            resposta = proprio.pedir(metodo, "pedidos", "/pedidos/1", chave=chave, json={})
            problema(resposta, 405, "metodo_nao_permitido")
            assert resposta.headers["Allow"]


def teste_um_defeito_nosso_responde_500_sem_dizer_onde(proprio: Sistema) -> None:
    # dada uma linha que nenhum código nosso escreveria
    with closing(sqlite3.connect(proprio.pasta / "pagamentos.db")) as banco:
        banco.execute(
            "UPDATE pagamentos_pagamento SET data_processamento = '2026-99-99 00:00:00'"
            " WHERE pedido_id = 1"
        )
        banco.commit()
    # quando alguém a lê
    resposta = proprio.pedir("GET", "pagamentos", "/pagamentos/1", chave="interna")
    # então o cliente só recebe o rastro, e a pilha fica no log
    corpo = problema(resposta, 500, "erro_interno")
    conferir_que_nada_vaza(corpo)
    log = (proprio.pasta / "pagamentos.log").read_text(encoding="utf-8")
    assert corpo["trace_id"] in log
    assert "Traceback" in log


def teste_os_logs_nao_guardam_dado_pessoal_nem_segredo(proprio: Sistema) -> None:
    nome, email = "Zoraide Quixadá", "zoraide@exemplo.com"
    cliente = proprio.pedir("POST", "pedidos", "/clientes", json={"nome": nome, "email": email})
    pedido = {
        "cliente_id": cliente.json()["id"],
        "itens": [{"produto_id": 1, "quantidade": 1}],
        "metodo": "cartao_credito",
    }
    for token in ("tok_aprovado", "tok_de_estranho"):
        corpo = pedido | {"cartao": {"token": token}}
        chave = {"Idempotency-Key": f"chave-secreta-{token}"}
        feito = proprio.pedir("POST", "pedidos", "/pedidos", json=corpo, headers=chave)
        assert feito.status_code in (201, 422)
    proprio.pedir("POST", "pedidos", "/clientes", json={"nome": nome, "email": email})
    proprio.pedir("GET", "pedidos", "/pedidos", chave="chave-de-outra-loja")
    logs = "".join(log.read_text(encoding="utf-8") for log in proprio.pasta.glob("*.log"))
    assert '"operacao":"POST /pedidos","resultado":201' in logs
    segredos = ["tok_aprovado", "tok_de_estranho", "chave-secreta", "chave-de-outra-loja"]
    for dado in (nome, "Zoraide", email, *segredos, "Bearer"):
        assert dado not in logs, dado


def teste_so_anonimos_tem_limite_de_requisicoes(proprio: Sistema) -> None:
    def ate_o_limite(credencial: str) -> requests.Response:
        with quem("catalogo", credencial, {}) as http:
            for _ in range(650):
                resposta = http.get(f"{proprio.url('catalogo')}/produtos/1")
                if resposta.status_code != 200:
                    break
            return resposta

    recusa = ate_o_limite("nenhuma")
    problema(recusa, 429, "muitas_requisicoes")
    assert 1 <= int(recusa.headers["Retry-After"]) <= 61
    assert ate_o_limite("chave da loja").status_code == 200
    assert ate_o_limite("chave interna").status_code == 200
