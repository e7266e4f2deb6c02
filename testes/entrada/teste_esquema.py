"""O esquema OpenAPI de cada serviço: completo, verdadeiro e lido só de arquivos daqui."""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ecommerce.servicos import SERVICOS
from laboratorio.sistema.processos import RAIZ, Sistema, ambiente_de_teste
from testes.apoio.recusas import CADEIA, ORDEM, PEDIDO, postar

PROBLEMA = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problema"}}}
CRIAM = {"201", "202"}  # os que têm de dizer onde (RFC 9110, 10.2.2 e 15.3.3)
PUBLICAS = {"/saude", "/prontidao", "/produtos", "/produtos/{id}"}


def manage(pasta: Path, servico: str, comando: str, *opcoes: str, **variaveis: str) -> str:
    """Roda o manage.py do serviço com as `variaveis` e devolve o que ele escreveu."""
    chaves = ("SECRET_KEY", "CHAVE_LOJA", "CHAVE_INTERNA")
    longas = {nome: secrets.token_urlsafe(50) for nome in chaves}
    saida = subprocess.run(
        [sys.executable, "manage.py", comando, f"--settings={SERVICOS[servico].settings}", *opcoes],
        cwd=RAIZ,
        env=ambiente_de_teste(pasta, **longas, **variaveis),
        capture_output=True,
        text=True,
        check=False,
    )
    assert saida.returncode == 0, saida.stdout + saida.stderr
    return saida.stdout


@pytest.mark.parametrize("servico", SERVICOS)
def teste_o_esquema_e_valido_e_gerado_sem_avisos(servico: str, tmp_path: Path) -> None:
    arquivo = str(tmp_path / "esquema.yaml")
    manage(tmp_path, servico, "spectacular", "--fail-on-warn", "--validate", "--file", arquivo)


@pytest.mark.parametrize("servico", SERVICOS)
def teste_o_check_deploy_nao_tem_queixas_em_producao(servico: str, tmp_path: Path) -> None:
    manage(tmp_path, servico, "check", "--deploy", "--fail-level=WARNING", PRODUCAO="1")


@pytest.mark.parametrize("servico", SERVICOS)
def teste_toda_operacao_diz_o_que_recebe_e_o_que_responde(sistema: Sistema, servico: str) -> None:
    for metodo, caminho, operacao in operacoes(sistema, servico):
        onde = f"{metodo} {caminho}"
        respostas = operacao["responses"]
        erros = {codigo: r for codigo, r in respostas.items() if codigo >= "400"}
        assert operacao["summary"], onde
        assert any(codigo < "300" for codigo in respostas), onde
        assert all(erro["content"] == PROBLEMA for erro in erros.values()), onde
        assert {"400", "406", "500", "503"} <= erros.keys(), onde
        assert ("security" not in operacao) == (caminho in PUBLICAS), onde
        assert ("404" in erros) == ("{" in caminho), onde
        assert {"401", "403"} <= erros.keys() or caminho in PUBLICAS, onde


@pytest.mark.parametrize("servico", SERVICOS)
def teste_quem_cria_diz_onde_fica_o_que_criou(sistema: Sistema, servico: str) -> None:
    corpos: dict[str, Any] = {
        **{caminho: ORDEM | {"pedido_id": 700_100} for _, caminho in CADEIA},
        "/clientes": {"nome": "Ana Souza", "email": f"ana-{secrets.token_hex(8)}@exemplo.com"},
        "/pedidos": PEDIDO,
    }
    for metodo, caminho, operacao in operacoes(sistema, servico):
        criam = {codigo: r for codigo, r in operacao["responses"].items() if codigo in CRIAM}
        assert all("Location" in r["headers"] for r in criam.values()), f"{metodo} {caminho}"
        if "201" in criam:
            criado = postar(sistema, servico, caminho, json=corpos[caminho])
            assert criado.status_code == 201, criado.text
            achado = sistema.ler(servico, criado.headers["Location"])
            assert achado.items() <= criado.json().items()


@pytest.mark.parametrize("servico", SERVICOS)
def teste_ids_e_corpos_tem_tipos_e_limites(sistema: Sistema, servico: str) -> None:
    esquema = ler_esquema(sistema, servico)
    for metodo, caminho, operacao in operacoes(sistema, servico):
        do_caminho = [p for p in operacao.get("parameters", ()) if p["in"] == "path"]
        assert len(do_caminho) == caminho.count("{")
        for parametro in do_caminho:
            id64 = {"type": "integer", "format": "int64", "minimum": 1, "maximum": 2**63 - 1}
            assert parametro["schema"] == id64, f"{metodo} {caminho}"
        if "requestBody" in operacao:
            ref = operacao["requestBody"]["content"]["application/json"]["schema"]["$ref"]
            corpo = esquema["components"]["schemas"][ref.rpartition("/")[2]]
            assert corpo["additionalProperties"] is False, f"{metodo} {caminho}"
            # só um corpo que se pode deixar de mandar tem todos os campos opcionais
            assert "required" in corpo or not operacao["requestBody"].get("required"), caminho


@pytest.mark.parametrize("servico", SERVICOS)
def teste_a_pagina_de_documentacao_so_usa_arquivos_daqui(sistema: Sistema, servico: str) -> None:
    pagina = sistema.pedir("GET", servico, "/api/docs")
    enderecos = re.findall(r"""(?:src|href)=["']([^"']+)""", pagina.text)
    assert len(enderecos) >= 4
    for endereco in enderecos:
        assert endereco.startswith("/static/"), endereco
        assert sistema.pedir("GET", servico, endereco).status_code == 200, endereco
    assert '"/api/esquema"' in pagina.text


def teste_as_respostas_sao_as_do_esquema(
    novo_sistema: Callable[..., Sistema], tmp_path: Path
) -> None:
    """Um sistema só para isto: a schemathesis deixa pedidos e lápides por onde passa."""
    proprio = novo_sistema()
    proprio.iniciar()
    for produto in range(1, 31):
        entrada = {"quantidade": 1_000_000}
        proprio.pedir(
            "POST", "estoque", f"/estoque/{produto}/entrada", chave="interna", json=entrada
        )
    for servico, chave in [*((nome, "interna") for nome in SERVICOS), ("pedidos", "da-loja")]:
        saida = interrogar(proprio.url(servico), chave, tmp_path)
        assert saida.returncode == 0, f"{servico}, chave {chave}:\n{saida.stdout}{saida.stderr}"


def interrogar(url: str, chave: str, pasta: Path) -> subprocess.CompletedProcess[str]:
    """Roda a schemathesis com todas as verificações sobre todas as operações do serviço."""
    return subprocess.run(
        [
            str(Path(sys.executable).with_name("schemathesis")),
            f"--config-file={RAIZ / 'testes' / 'entrada' / 'esquema.toml'}",
            "run",
            f"{url}/api/esquema",
            f"--header=Authorization: Bearer {chave}",
        ],
        cwd=pasta,
        env=os.environ
        | {"SCHEMATHESIS_HOOKS": "testes.entrada.ganchos_do_esquema", "PYTHONPATH": str(RAIZ)},
        capture_output=True,
        text=True,
        check=False,
    )


def ler_esquema(sistema: Sistema, servico: str) -> Any:
    return sistema.pedir(
        "GET", servico, "/api/esquema", headers={"Accept": "application/json"}
    ).json()


def operacoes(sistema: Sistema, servico: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """As operações (método, caminho, descrição) que o serviço diz ter."""
    for caminho, metodos in ler_esquema(sistema, servico)["paths"].items():
        for metodo, operacao in metodos.items():
            yield metodo.upper(), caminho, operacao
