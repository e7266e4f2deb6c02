"""Estragar os bancos de um sistema, anotando o que a auditoria tem de achar em cada invariante."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from laboratorio.sistema.processos import Sistema

ACIMA_DE_TODOS = 900_000  # um número de pedido que ninguém criou


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
        [self.rejeitado, *_] = self.ler(
            "pagamentos",
            "SELECT pedido_id FROM pagamentos_pagamento WHERE status = 'rejeitado'",
        )
        # o que cada invariante tem de achar
        self.esperado: dict[str, set[int]] = {f"I{n}": set() for n in (1, 2, 3, 4, 6, 7, 9, 10)}

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
    sem_pagamento = e.violar(next(e.vivos), "I2", "I3", "I10")
    e.fazer("pagamentos", f"DELETE FROM pagamentos_pagamento WHERE pedido_id = {sem_pagamento}")
    por_devolver = e.violar(next(e.mortos), "I2", "I4", "I10")
    e.fazer("pagamentos", f"{mudar} status = 'aprovado' WHERE pedido_id = {por_devolver}")
    a_menos = e.violar(next(e.vivos), "I2", "I7", "I10")
    e.fazer("pagamentos", f"{mudar} valor = valor - 1 WHERE pedido_id = {a_menos}")
    repetido = e.violar(next(e.vivos), "I2")
    e.sem_restricoes("pagamentos", "pagamentos_pagamento")
    e.fazer(
        "pagamentos",
        "INSERT INTO pagamentos_pagamento SELECT * FROM pagamentos_pagamento"
        f" WHERE pedido_id = {repetido}",
    )


def _estragar_operadora(e: Estrago) -> None:
    """O caderno e os pagamentos deixam de dizer o mesmo, de um lado e do outro."""
    tabela = "operadora_lancamento"
    e.sem_restricoes("operadora", tabela)

    def estragar(pedido_id: int, comando: str) -> None:
        e.fazer("operadora", f"{comando} WHERE pedido_id = {e.violar(pedido_id, 'I10')}")

    estragar(next(e.vivos), f"DELETE FROM {tabela}")  # um pagamento sem cobrança
    estragar(next(e.vivos), f"UPDATE {tabela} SET valor = valor + 1")
    estragar(next(e.vivos), f"UPDATE {tabela} SET status = 'rejeitado'")
    estragar(e.rejeitado, f"UPDATE {tabela} SET status = 'aprovado'")
    de_novo = f"INSERT INTO {tabela} SELECT * FROM {tabela}"
    estragar(next(e.vivos), de_novo)  # cobrado duas vezes
    colunas = "id, pedido_id, status, valor, criado_em, espera_ms"
    de_vivo = f"INSERT INTO {tabela} ({colunas}, tipo) SELECT {colunas}, 'estorno' FROM {tabela}"
    estragar(next(e.vivos), de_vivo)  # estornado e vivo
    sem_pagamento = e.violar(ACIMA_DE_TODOS + 2, "I10")  # uma cobrança que ninguém pediu
    e.fazer(
        "operadora",
        f"INSERT INTO {tabela} (pedido_id, tipo, status, valor, criado_em)"
        f" VALUES ({sem_pagamento}, 'cobranca', 'aprovado', 100, '2026-01-01')",
    )
    estornos = f"FROM {tabela} WHERE tipo = 'estorno' AND pedido_id"
    por_estornar, demais, duas_vezes = (e.violar(next(e.mortos), "I10") for _ in range(3))
    e.fazer("operadora", f"DELETE {estornos} = {por_estornar}")
    e.fazer(
        "operadora",
        f"UPDATE {tabela} SET valor = valor + 1 WHERE tipo = 'estorno' AND pedido_id = {demais}",
    )
    e.fazer("operadora", f"INSERT INTO {tabela} SELECT * {estornos} = {duas_vezes}")


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


def estragar_tudo(sistema: Sistema) -> Estrago:
    """Quebra todas as invariantes que a auditoria confere, cada uma em outros pedidos."""
    estrago = Estrago(sistema)
    _estragar_pecas(estrago)
    _estragar_pagamentos(estrago)
    _estragar_operadora(estrago)
    _estragar_envios(estrago)
    _estragar_pedidos(estrago)
    _estragar_notas(estrago)
    return estrago
