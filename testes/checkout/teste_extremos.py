"""Os extremos de tudo o que se aceita, pela cadeia inteira, nos dois transportes e nos dois bancos.

Chegam por um ecommerce.db, que é outra porta: clientes, produtos, preços, e um pedido por conduzir.
"""

from __future__ import annotations

import base64
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ecommerce.servicos import SERVICOS
from ferramentas.dados_de_exemplo.destinos import ECOMMERCE_DB
from laboratorio.sistema.processos import RAIZ, Sistema, esperar, migrar_bancos
from testes.apoio.compras import ENVIADO, RECURSOS, corpo, por_pedido
from testes.apoio.entradas import duas_portas as duas_portas_do_estoque
from testes.apoio.portas import Resposta, duas_portas
from testes.checkout.teste_postgres import seis_bancos, servidor

__all__ = ["servidor"]  # a fixture
ID = 2**62  # o maior que se importa
CARO, VALOR_MAXIMO = ID, "9999999999.99"
CEM = range(201, 301)


def gravar_extremos(arquivo: Path) -> None:
    clientes = [(1, "Oi", "a@b.co"), (ID, "ÿ" * 60, "a" * 48 + "@exemplo.com")]
    produtos = [
        (1, "x", 0.01, 10**9),
        (CARO, "ÿ" * 120, float(VALOR_MAXIMO), 10),
        *((produto, f"{produto}" + "é" * 117, 99_999.99, 2000) for produto in CEM),
    ]
    pendente = (1, ID, datetime.now(UTC).isoformat(), "pendente", float(VALOR_MAXIMO))
    with closing(sqlite3.connect(arquivo)) as banco, banco:
        banco.executescript(ECOMMERCE_DB)
        banco.executemany("INSERT INTO clientes VALUES (?, ?, ?)", clientes)
        banco.executemany("INSERT INTO produtos VALUES (?, ?, ?, ?)", produtos)
        banco.execute("INSERT INTO pedidos VALUES (?, ?, ?, ?, ?)", pendente)
        item = (1, 1, CARO, 1, float(VALOR_MAXIMO))
        banco.execute("INSERT INTO itens_pedido VALUES (?, ?, ?, ?, ?)", item)


def manage(sistema: Sistema, *comando: str) -> str:
    saida = subprocess.run(
        [sys.executable, "manage.py", *comando],
        cwd=RAIZ,
        env=sistema.ambiente,
        capture_output=True,
        text=True,
        check=False,
    )
    assert saida.returncode == 0, saida.stdout + saida.stderr
    return saida.stdout


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def loja(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Sistema]:
    """Um sistema no ar com os bancos que a importação preencheu."""
    no_postgres = request.param == "postgresql"
    urls = seis_bancos(request.getfixturevalue("servidor")) if no_postgres else {}
    sistema = Sistema(tmp_path_factory.mktemp("extremos"), urls)
    migrar_bancos(sistema.ambiente)
    gravar_extremos(sistema.pasta / "extremos.db")
    relatorio = manage(sistema, "importar_ecommerce_db", str(sistema.pasta / "extremos.db"))
    assert "recusada," not in relatorio, relatorio
    try:
        sistema.iniciar()
        yield sistema
    finally:
        sistema.encerrar()


COMPRAS: dict[str, dict[str, Any]] = {
    "o menor": corpo(1, 1),
    "o mais barato, mil vezes": corpo(1, 1000, cliente_id=ID, metodo="boleto"),
    "o mais caro": corpo(
        CARO, 1, cliente_id=ID, metodo="cartao_credito", cartao={"token": "tok_aprovado"}
    ),
    "cem produtos, mil de cada": corpo(
        cliente_id=ID, itens=[{"produto_id": produto, "quantidade": 1000} for produto in CEM]
    ),
}


@pytest.mark.parametrize("nome", COMPRAS)
def teste_o_extremo_que_se_aceita_chega_ao_envio_e_volta(loja: Sistema, nome: str) -> None:
    compra = COMPRAS[nome]
    with duas_portas(loja) as portas:
        ouvidas = [
            (porta, *porta.criar(compra, f"{porta.nome} {nome}".ljust(255, "~")))
            for porta in portas
        ]
        respostas = [resposta for _, resposta, _ in ouvidas]
        assert respostas[0] == respostas[1]
        for porta, resposta, pedido in ouvidas:
            assert resposta.categoria == "feito" and pedido, resposta
            assert por_pedido(loja, pedido) == ENVIADO
            cancelado, _ = porta.agir("cancelar", pedido)
            assert cancelado.pedido and cancelado.pedido[0] == "cancelado"


TOKEN: dict[str, Any] = {"metodo": "cartao_credito", "cartao": {"token": "é" * 64}}
RECUSAS: dict[str, tuple[dict[str, Any], Resposta]] = {
    "o maior token": (corpo(**TOKEN), Resposta("Recusado", "pagamento_rejeitado")),
    "o total passa": (corpo(CARO, 2), Resposta("EntradaInvalida", "entrada_invalida", ("itens",))),
    "o maior cliente": (corpo(cliente_id=2**63 - 1), Resposta("Recusado", "cliente_inexistente")),
    "o maior produto": (corpo(2**63 - 1), Resposta("Recusado", "produto_inexistente")),
}


@pytest.mark.parametrize("nome", RECUSAS)
def teste_o_extremo_que_se_recusa_diz_porque(loja: Sistema, nome: str) -> None:
    compra, esperada = RECUSAS[nome]
    with duas_portas(loja) as portas:
        for porta in portas:
            assert porta.criar(compra)[0] == esperada


def teste_o_pedido_importado_e_conduzido_ate_o_envio(loja: Sistema) -> None:
    esperar(lambda: por_pedido(loja, 1) == ENVIADO, 30, "o envio do pedido importado")
    assert loja.ler("pagamentos", "/pagamentos/1")["valor"] == VALOR_MAXIMO


def teste_quem_vem_depois_dos_maiores_ids_ainda_tem_numero(loja: Sistema) -> None:
    novo = {"nome": "Oi", "email": "depois@exemplo.com"}
    assert loja.pedir("POST", "pedidos", "/clientes", json=novo).json()["id"] == ID + 1


ENCHER = """
from django.db.models import F
from estoque.models import Saldo
cheio = 2**31 - 2
Saldo.objects.filter(pk=1).update(entradas=cheio, disponivel=cheio - F("separado"))
"""


def teste_o_saldo_vai_ate_o_maximo_e_nao_passa(loja: Sistema) -> None:
    maior = 2**63 - 1
    manage(loja, "shell", "-v0", "-c", ENCHER, f"--settings={SERVICOS['estoque'].settings}")
    with duas_portas_do_estoque(loja) as portas:
        assert [dar(maior, 1_000_000, None)[-1] for dar in portas] == [1_000_000, 2_000_000]
        assert portas[0](1, 1, None)[-1] == 2**31 - 1
        for dar in portas:
            assert dar(1, 1, None) == ("entrada_invalida", ("quantidade",))
    assert loja.ler("estoque", "/estoque", tamanho=1)["results"][0]["produto_id"] == maior


@pytest.mark.parametrize("numero", [2**31, 2**63 - 1])
def teste_filtros_cursores_e_caminhos_vao_ate_64_bits(loja: Sistema, numero: int) -> None:
    cursor = base64.b64encode(f"p={numero}".encode()).decode()
    for servico, consulta, filtros in [
        ("pedidos", "/pedidos", {"cliente_id": numero}),
        ("fiscal", "/notas", {"numero": numero}),
        *((servico, "/operacoes", {"pedido_id": numero}) for servico in SERVICOS),
    ]:
        assert loja.ler(servico, consulta, **filtros)["results"] == []
    assert loja.ler("catalogo", "/precos", id=numero) == []
    for servico, lista in [("pedidos", "/clientes"), *((s, f"/{r}") for s, r in RECURSOS.items())]:
        loja.ler(servico, lista, cursor=cursor)
        caminho = f"{lista}/{numero}"
        assert loja.pedir("GET", servico, caminho, chave="interna").status_code == 404
    with duas_portas(loja) as portas:
        assert {porta.agir("consultar", numero)[0].codigo for porta in portas} == {"nao_encontrado"}


def teste_no_fim_a_auditoria_nao_acha_nada(loja: Sistema) -> None:
    assert '"violacoes": []' in manage(loja, "auditar", "--json")
