"""Os dados gerados e os importados: os mesmos de sempre, e sem furar nenhuma invariante."""

from __future__ import annotations

import json
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ecommerce.servicos import SERVICOS
from ferramentas.importacao.leitura import COLUNAS
from ferramentas.importacao.ocorrencias import REGRAS
from ferramentas.testes import ecommerce_torto
from ferramentas.testes.invariantes import abrir, violacoes
from laboratorio.sistema.processos import RAIZ, ambiente_de_teste, esperar, migrar_bancos

Rodar = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def bancos_vazios(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Os bancos migrados e sem dados, para copiar."""
    pasta = tmp_path_factory.mktemp("bancos-vazios")
    migrar_bancos(ambiente_de_teste(pasta))
    return pasta


@pytest.fixture
def dados(bancos_vazios: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(bancos_vazios, tmp_path / "dados"))


@pytest.fixture
def rodar(dados: Path) -> Rodar:
    """Roda um comando do manage.py sobre os bancos de `dados`."""

    def comando(*argumentos: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            _manage(*argumentos),
            cwd=RAIZ,
            env=ambiente_de_teste(dados),
            capture_output=True,
            text=True,
            check=False,
        )

    return comando


def _manage(*argumentos: object) -> list[str]:
    return [sys.executable, "manage.py", *map(str, argumentos)]


def _pedidos(dados: Path) -> list[tuple[Any, ...]]:
    consulta = """SELECT n, cliente_id, status, motivo, valor_total, metodo, data_criacao,
        f_numero, f_chave, e_codigo, e_status FROM tudo ORDER BY n"""
    with closing(abrir(dados)) as banco:
        return banco.execute(consulta).fetchall()


def _estoque(dados: Path) -> list[tuple[int, ...]]:
    with closing(abrir(dados)) as banco:
        return banco.execute("SELECT * FROM estoque.estoque_saldo ORDER BY produto_id").fetchall()


# --- gerar_dados ---------------------------------------------------------------------------------


def teste_fixtures_do_repositorio_sao_as_que_o_comando_faz(rodar: Rodar, tmp_path: Path) -> None:
    saida = rodar("gerar_dados", "--destino", "fixtures", "--saida", tmp_path / "fixtures")

    assert saida.returncode == 0, saida.stderr
    for servico in SERVICOS:
        feita = (tmp_path / "fixtures" / f"{servico}.json").read_bytes()
        assert feita == (RAIZ / "fixtures" / f"{servico}.json").read_bytes(), servico


def teste_fixtures_carregadas_cumprem_as_invariantes(bancos_prontos: Path) -> None:
    assert violacoes(bancos_prontos) == {}
    assert len(_pedidos(bancos_prontos)) == 100


def teste_bancos_gerados_cumprem_as_invariantes_e_tem_todos_os_desfechos(
    rodar: Rodar, dados: Path
) -> None:
    saida = rodar("gerar_dados", "--destino", "bancos", "--pedidos", 1000, "--semente", 7)

    assert saida.returncode == 0, saida.stderr
    assert violacoes(dados) == {}
    assert len(_pedidos(dados)) == 1000
    assert {(pedido[2], pedido[3]) for pedido in _pedidos(dados)} == {
        ("enviado", None),
        ("entregue", None),
        ("cancelado", "pagamento_rejeitado"),
        ("cancelado", "sem_estoque"),
        ("cancelado", "cancelado_a_pedido"),
    }


def teste_fixtures_e_bancos_da_mesma_semente_tem_os_mesmos_pedidos(
    rodar: Rodar, dados: Path, bancos_prontos: Path
) -> None:
    rodar("gerar_dados", "--destino", "bancos")

    assert _pedidos(dados) == _pedidos(bancos_prontos)
    assert _estoque(dados) == _estoque(bancos_prontos)


def teste_gerar_sobre_bancos_com_dados_e_recusado(rodar: Rodar, dados: Path) -> None:
    rodar("gerar_dados", "--destino", "bancos", "--pedidos", 5)
    antes = _pedidos(dados)

    saida = rodar("gerar_dados", "--destino", "bancos", "--semente", 2)

    assert saida.returncode != 0
    assert "já tem dados" in saida.stderr
    assert _pedidos(dados) == antes


def teste_gerar_sem_migrar_diz_o_que_falta(rodar: Rodar, dados: Path) -> None:
    (dados / "fiscal.db").unlink()

    saida = rodar("gerar_dados", "--destino", "bancos")

    assert saida.returncode != 0
    assert "manage.py migrate --settings=ecommerce.settings.fiscal" in saida.stderr


@pytest.mark.parametrize(
    ("opcao", "valor"),
    [("--pedidos", "0"), ("--clientes", "-1"), ("--produtos", "dez"), ("--ate", "ontem")],
)
def teste_opcao_que_nao_serve_e_nomeada(rodar: Rodar, opcao: str, valor: str) -> None:
    saida = rodar("gerar_dados", "--destino", "bancos", f"{opcao}={valor}")

    assert saida.returncode != 0
    assert f"argument {opcao}: " in saida.stderr
    assert valor in saida.stderr


def teste_ctrl_c_nao_deixa_nada_pela_metade(rodar: Rodar, dados: Path) -> None:
    # dado um comando que já escreve nos bancos
    comando = subprocess.Popen(
        _manage("gerar_dados", "--destino", "bancos", "--pedidos", 1_000_000),
        cwd=RAIZ,
        env=ambiente_de_teste(dados),
        stderr=subprocess.PIPE,
        text=True,
    )
    diario = dados / "pedidos.db-wal"
    esperar(lambda: diario.exists() and diario.stat().st_size > 2**22, 60, "escritas no banco")

    # quando vem o Ctrl-C
    comando.send_signal(signal.SIGINT)
    _, erro = comando.communicate(timeout=30)

    # então nada ficou, e gerar de novo funciona
    assert comando.returncode == 130
    assert "Interrompido: nada foi gravado." in erro
    assert rodar("gerar_dados", "--destino", "bancos").returncode == 0
    assert len(_pedidos(dados)) == 100


# --- importar_ecommerce_db -----------------------------------------------------------------------


def _importar(rodar: Rodar, arquivo: Path) -> dict[str, Any]:
    saida = rodar("importar_ecommerce_db", arquivo, "--json")
    assert saida.returncode == 0, saida.stderr
    return json.loads(saida.stdout)


def teste_ida_e_volta_pelo_ecommerce_db(
    rodar: Rodar, dados: Path, bancos_prontos: Path, tmp_path: Path
) -> None:
    rodar("gerar_dados", "--destino", "ecommerce_db", "--saida", tmp_path / "ecommerce.db")

    relatorio = _importar(rodar, tmp_path / "ecommerce.db")

    assert relatorio["ocorrencias"] == []
    assert relatorio["em_andamento"] == 0
    assert _pedidos(dados) == _pedidos(bancos_prontos)
    assert _estoque(dados) == _estoque(bancos_prontos)
    assert violacoes(dados) == {}


def teste_ecommerce_db_tem_as_tabelas_do_enunciado(rodar: Rodar, tmp_path: Path) -> None:
    rodar("gerar_dados", "--destino", "ecommerce_db", "--saida", tmp_path / "nosso.db")
    _gerador_do_enunciado(tmp_path / "original.db")

    assert _colunas(tmp_path / "nosso.db") == _colunas(tmp_path / "original.db")


def _gerador_do_enunciado(arquivo: Path) -> None:
    gerador = RAIZ / "testes" / "enunciado" / "gerador_original.py"
    subprocess.run([sys.executable, gerador, arquivo, "1"], check=True, capture_output=True)


def _colunas(arquivo: Path) -> dict[str, list[tuple[Any, ...]]]:
    with closing(sqlite3.connect(arquivo)) as banco:
        return {t: banco.execute(f"PRAGMA table_info({t})").fetchall() for t in COLUNAS}


def teste_gerador_do_enunciado_importado_cumpre_as_invariantes(
    rodar: Rodar, dados: Path, tmp_path: Path
) -> None:
    _gerador_do_enunciado(tmp_path / "original.db")

    relatorio = _importar(rodar, tmp_path / "original.db")

    assert violacoes(dados) == {}
    assert relatorio["pedidos"] == len(_pedidos(dados)) == 100
    assert relatorio["em_andamento"] > 0
    esperadas = {"nota_sem_pagamento", "envio_sem_nota", "chave_refeita", "numero_refeito"}
    esperadas |= {"rastreio_refeito", "data_refeita", "item_repetido", "status_derivado"}
    assert esperadas <= set(relatorio["por_regra"])
    with closing(sqlite3.connect(tmp_path / "original.db")) as original:
        sem_aprovacao = original.execute("""SELECT n.id FROM notas_fiscais n LEFT JOIN pagamentos p
            ON p.pedido_id = n.pedido_id WHERE coalesce(p.status, '') <> 'aprovado'""").fetchall()
    assert sem_aprovacao == [(i,) for i in _ids(relatorio, "nota_sem_pagamento")]


def _ids(relatorio: dict[str, Any], regra: str) -> list[int]:
    return [o["id"] for o in relatorio["ocorrencias"] if o["regra"] == regra]


def teste_cada_regra_e_relatada_e_o_resto_se_aproveita(
    rodar: Rodar, dados: Path, tmp_path: Path
) -> None:
    # dado um arquivo em que cada regra tem o que recusar ou reparar
    ecommerce_torto.criar(tmp_path / "torto.db")

    # quando é importado
    relatorio = _importar(rodar, tmp_path / "torto.db")

    # então cada linha é relatada, e só elas; e o que sobra está certo
    relatadas: dict[str, set[tuple[str, int]]] = {regra: set() for regra in REGRAS}
    for ocorrencia in relatorio["ocorrencias"]:
        relatadas[ocorrencia["regra"]].add((ocorrencia["tabela"], ocorrencia["id"]))
    assert relatadas == {regra: set(ids) for regra, ids in ecommerce_torto.ESPERADAS.items()}
    assert violacoes(dados) == {}
    assert {pedido[0]: pedido[2:6] for pedido in _pedidos(dados)} == ecommerce_torto.PEDIDOS
    assert relatorio["em_andamento"] == 4
    # separadas há as peças dos pedidos 1, 12, 13 e 15; disponível é o que o arquivo dizia
    assert _estoque(dados)[0] == (1, 10, 4, 14)


def teste_relatorio_para_pessoas_nao_mostra_nomes_nem_emails(rodar: Rodar, tmp_path: Path) -> None:
    ecommerce_torto.criar(tmp_path / "torto.db")

    saida = rodar("importar_ecommerce_db", tmp_path / "torto.db")

    assert "clientes 3: recusada, o e-mail não é válido ou não cabe." in saida.stdout
    assert "9 pedidos importados" in saida.stdout
    for pessoal in ("Ana", "Caio", "Davi", "example.com", "sem-arroba"):
        assert pessoal not in saida.stdout + saida.stderr


def teste_segunda_importacao_e_recusada_e_nada_muda(
    rodar: Rodar, dados: Path, tmp_path: Path
) -> None:
    ecommerce_torto.criar(tmp_path / "torto.db")
    _importar(rodar, tmp_path / "torto.db")
    antes = _pedidos(dados)

    saida = rodar("importar_ecommerce_db", tmp_path / "torto.db")

    assert saida.returncode != 0
    assert "já tem dados" in saida.stderr
    assert _pedidos(dados) == antes


@pytest.mark.parametrize("criar", ecommerce_torto.OUTROS)
def teste_arquivo_que_nao_e_um_ecommerce_db_nao_grava_nada(
    rodar: Rodar, dados: Path, tmp_path: Path, criar: Callable[[Path], None]
) -> None:
    criar(tmp_path / "outro.db")

    saida = rodar("importar_ecommerce_db", tmp_path / "outro.db")

    assert saida.returncode != 0
    assert "CommandError" in saida.stderr
    assert "Traceback" not in saida.stderr
    assert _pedidos(dados) == []
