"""A auditoria vê o que está errado, onde está, e não se engana com o sistema em uso."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ecommerce.auditoria.numeros import Numeros
from testes.compras import abastecer, comprar, corpo
from testes.conftest import _com_bancos_copiados
from testes.sistema import RAIZ, Sistema

DA_CADEIA = ("pedidos", "pagamentos", "estoque", "fiscal", "logistica")
ACIMA_DE_TODOS = 900_000  # um número de pedido que ninguém criou


def auditar(sistema: Sistema, *opcoes: str, **variaveis: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "auditar", *opcoes],
        cwd=RAIZ,
        env=sistema.ambiente | variaveis,
        capture_output=True,
        text=True,
        check=False,
    )


def laudo(sistema: Sistema, *opcoes: str) -> dict[str, Any]:
    saida = auditar(sistema, "--json", *opcoes)
    assert saida.returncode in (0, 1), saida.stderr
    resultado = json.loads(saida.stdout)
    assert saida.returncode == bool(resultado["violacoes"])
    return resultado


class Estrago:
    """Mexe nos bancos por fora, contra o que as restrições deles deixariam."""

    def __init__(self, sistema: Sistema) -> None:
        self.pasta = sistema.pasta
        vivos = self.ler(
            "pedidos", "SELECT id FROM pedidos_pedido WHERE enviado_em NOT NULL AND motivo IS NULL"
        )
        mortos = self.ler(
            "pagamentos",
            "SELECT pedido_id FROM pagamentos_pagamento WHERE status = 'estornado'",
        )
        self.vivos, self.mortos = iter(vivos), iter(mortos)
        # o que cada invariante tem de achar
        self.esperado: dict[str, set[int]] = {f"I{n}": set() for n in (1, 2, 3, 4, 6, 7, 9)}

    def ler(self, servico: str, consulta: str) -> list[int]:
        with closing(sqlite3.connect(self.pasta / f"{servico}.db")) as banco:
            return [linha[0] for linha in banco.execute(consulta)]

    def fazer(self, servico: str, comandos: str) -> None:
        with closing(sqlite3.connect(self.pasta / f"{servico}.db")) as banco:
            banco.executescript(f"PRAGMA ignore_check_constraints = ON; {comandos}")

    def sem_restricoes(self, servico: str, tabela: str) -> None:
        self.fazer(
            servico,
            f"CREATE TABLE copia AS SELECT * FROM {tabela}; DROP TABLE {tabela};"
            f"ALTER TABLE copia RENAME TO {tabela};",
        )

    def violar(self, pedido_id: int, *invariantes: str) -> int:
        for invariante in invariantes:
            self.esperado[invariante].add(pedido_id)
        return pedido_id


def _estragar_pecas(e: Estrago) -> None:
    saldo = "UPDATE estoque_saldo SET"
    e.fazer("estoque", f"{saldo} entradas = entradas + 1 WHERE produto_id = 1")
    e.fazer(
        "estoque",
        f"{saldo} separado = separado + 1, disponivel = disponivel - 1 WHERE produto_id = 2",
    )
    e.fazer("estoque", f"{saldo} disponivel = -1, entradas = separado - 1 WHERE produto_id = 3")
    e.esperado["I1"] = {1, 2, 3}


def _estragar_pagamentos(e: Estrago) -> None:
    mudar = "UPDATE pagamentos_pagamento SET"
    sem_pagamento = e.violar(next(e.vivos), "I2", "I3")
    e.fazer("pagamentos", f"DELETE FROM pagamentos_pagamento WHERE pedido_id = {sem_pagamento}")
    por_devolver = e.violar(next(e.mortos), "I2", "I4")
    e.fazer("pagamentos", f"{mudar} status = 'aprovado' WHERE pedido_id = {por_devolver}")
    a_menos = e.violar(next(e.vivos), "I2", "I7")
    e.fazer("pagamentos", f"{mudar} valor = valor - 1 WHERE pedido_id = {a_menos}")
    repetido = e.violar(next(e.vivos), "I2")
    e.sem_restricoes("pagamentos", "pagamentos_pagamento")
    e.fazer(
        "pagamentos",
        "INSERT INTO pagamentos_pagamento SELECT * FROM pagamentos_pagamento"
        f" WHERE pedido_id = {repetido}",
    )


def _estragar_envios(e: Estrago) -> None:
    sem_envio = e.violar(next(e.vivos), "I3")
    e.fazer("logistica", f"DELETE FROM logistica_envio WHERE pedido_id = {sem_envio}")
    envio = (
        "INSERT INTO logistica_envio (pedido_id, status, codigo_rastreamento, data_despacho)"
        " VALUES ({}, 'aguardando_envio', '{}', '2026-01-01')"
    )
    desconhecido = e.violar(ACIMA_DE_TODOS, "I4")
    e.fazer("logistica", envio.format(desconhecido, "AA000000001BR"))
    # uma lápide de quem nunca existiu não é violação
    e.fazer(
        "logistica",
        f"INSERT INTO logistica_envio (pedido_id, status) VALUES ({ACIMA_DE_TODOS + 1},"
        " 'cancelado')",
    )


def _estragar_pedidos(e: Estrago) -> None:
    parado = e.violar(next(e.vivos), "I6")
    e.fazer("pedidos", f"UPDATE pedidos_pedido SET status = 'nf_emitida' WHERE id = {parado}")
    soma = e.violar(next(e.vivos), "I7")
    e.fazer(
        "pedidos",
        "UPDATE pedidos_itempedido SET preco_unitario = preco_unitario + 1"
        f" WHERE pedido_id = {soma}",
    )


def _estragar_notas(e: Estrago) -> None:
    """O maior número de cada série vai para longe, e dois pedidos dividem um."""
    outro_valor = e.violar(next(e.vivos), "I7")
    e.fazer("fiscal", f"UPDATE fiscal_nota SET valor = valor + 1 WHERE pedido_id = {outro_valor}")
    e.sem_restricoes("fiscal", "fiscal_nota")
    maior = max(e.ler("fiscal", "SELECT coalesce(numero, 0) FROM fiscal_nota"))
    e.fazer("fiscal", f"UPDATE fiscal_nota SET numero = {maior + 2} WHERE numero = {maior}")
    e.fazer("fiscal", "UPDATE fiscal_nota SET numero = 4 WHERE numero = 3")
    e.esperado["I9"] = {3, 4, maior, maior + 1}


@pytest.fixture(scope="module")
def estragado(
    bancos_prontos: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Estrago, dict[str, Any]]]:
    """Um sistema no ar cujos bancos alguém estragou, e o laudo dele."""
    sistema = _com_bancos_copiados(bancos_prontos, tmp_path_factory.mktemp("estragado"))
    try:
        sistema.iniciar(*DA_CADEIA)
        estrago = Estrago(sistema)
        _estragar_pecas(estrago)
        _estragar_pagamentos(estrago)
        _estragar_envios(estrago)
        _estragar_pedidos(estrago)
        _estragar_notas(estrago)
        yield estrago, laudo(sistema)
    finally:
        sistema.encerrar()


@pytest.mark.parametrize("invariante", ["I1", "I2", "I3", "I4", "I6", "I7", "I9"])
def teste_cada_invariante_quebrada_e_dita_com_os_ids(
    estragado: tuple[Estrago, dict[str, Any]], invariante: str
) -> None:
    estrago, resultado = estragado
    achadas = {v["invariante"]: v for v in resultado["violacoes"]}
    assert set(achadas[invariante]["ids"]) == estrago.esperado[invariante]
    assert achadas[invariante]["detalhe"]


def teste_o_json_tem_exatamente_a_forma_do_contrato(
    estragado: tuple[Estrago, dict[str, Any]],
) -> None:
    _, resultado = estragado
    assert set(resultado) == {"pedidos", "violacoes"}
    for violacao in resultado["violacoes"]:
        assert list(violacao) == ["invariante", "ids", "detalhe"]


def teste_os_dados_de_semente_estao_limpos_e_todos_foram_vistos(
    novo_sistema: Callable[..., Sistema],
) -> None:
    sistema = novo_sistema()
    sistema.iniciar(*DA_CADEIA)
    assert laudo(sistema) == {"pedidos": 100, "violacoes": []}
    saida = auditar(sistema)
    assert (saida.returncode, saida.stderr) == (0, "")
    assert "100 pedidos auditados" in saida.stdout
    assert [linha[:4] for linha in re.findall(r"I\d │.*", saida.stdout)] == [
        f"I{n} │" for n in (1, 2, 3, 4, 6, 7, 9)
    ]


def teste_um_pedido_parado_so_viola_depois_do_limite(novo_sistema: Callable[..., Sistema]) -> None:
    sistema = novo_sistema()
    sistema.iniciar("catalogo", *DA_CADEIA)
    sistema.parar("fiscal")
    parado = comprar(sistema, corpo()).json()["id"]
    # um pedido velho que se começou a cancelar agora não está parado desde que nasceu
    cancelando = sistema.ler("pedidos", "/pedidos", status="enviado")["results"][-1]["id"]
    assert sistema.pedir("POST", "pedidos", f"/pedidos/{cancelando}/cancelar").status_code == 202
    sistema.iniciar("fiscal")
    assert laudo(sistema, "--limite", "60")["violacoes"] == []
    resultado = laudo(sistema, "--limite", "0")["violacoes"]
    assert [(v["invariante"], v["ids"]) for v in resultado] == [("I6", [cancelando, parado])]


def teste_um_servico_fora_ou_sem_sentido_termina_com_2_e_nada_no_json(
    novo_sistema: Callable[..., Sistema],
) -> None:
    sistema = novo_sistema()
    sistema.iniciar("pedidos", "pagamentos", "estoque", "logistica")
    fora = auditar(sistema, "--json")
    assert (fora.returncode, fora.stdout) == (2, "")
    assert "fiscal" in fora.stderr
    # outro serviço no lugar dele também não serve
    trocado = auditar(sistema, "--json", FISCAL_REST_URL=sistema.url("logistica"))
    assert (trocado.returncode, trocado.stdout) == (2, "")
    assert "fiscal" in trocado.stderr
    recusado = auditar(sistema, "--json", CHAVE_INTERNA="outra")
    assert (recusado.returncode, recusado.stdout) == (2, "")
    assert "403" in recusado.stderr


def teste_o_sistema_em_uso_nao_da_alarme_falso(novo_sistema: Callable[..., Sistema]) -> None:
    sistema = novo_sistema()
    sistema.iniciar("catalogo", *DA_CADEIA)
    abastecer(sistema, 1, 2)
    parar = threading.Event()
    feitos: list[int] = []

    def usar(produto_id: int) -> None:
        while not parar.is_set():
            resposta = comprar(sistema, corpo(produto_id))
            feitos.append(resposta.json()["id"])
            if len(feitos) % 3 == 0:
                sistema.pedir("POST", "pedidos", f"/pedidos/{feitos[len(feitos) // 2]}/cancelar")

    usuarios = [threading.Thread(target=usar, args=[1 + n % 2]) for n in range(4)]
    for usuario in usuarios:
        usuario.start()
    try:
        resultados = [laudo(sistema) for _ in range(3)]
    finally:
        parar.set()
        for usuario in usuarios:
            usuario.join()
    assert [r["violacoes"] for r in resultados] == [[]] * 3
    assert resultados[-1]["pedidos"] > resultados[0]["pedidos"]
    assert laudo(sistema) == {"pedidos": 100 + len(feitos), "violacoes": []}


def teste_um_numero_perdido_la_longe_nao_custa_memoria() -> None:
    numeros = Numeros()
    assert all(numeros.adicionar(n) for n in (1, 2, 4, 2**62))
    assert not numeros.adicionar(4)
    assert numeros.quantos == 4
    buracos = numeros.buracos()
    assert [next(buracos) for _ in range(3)] == [3, 5, 6]
