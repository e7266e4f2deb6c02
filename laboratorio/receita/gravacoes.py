"""O que cada serviço grava, o mesmo por REST e por gRPC: cada função é um commit."""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Sequence

Itens = Sequence[tuple[int, int]]  # produto e quantidade


def criar_pedido(conn: sqlite3.Connection, cliente_id: int, itens: Itens) -> tuple[int, float]:
    """O pedido pendente com os preços da tabela de produtos; devolve o id e o total em reais."""
    precos = {}
    for produto_id, _ in itens:
        linha = conn.execute("SELECT preco FROM produtos WHERE id = ?", (produto_id,)).fetchone()
        precos[produto_id] = linha[0]
    total = round(sum(precos[produto_id] * quantidade for produto_id, quantidade in itens), 2)
    cursor = conn.execute(
        "INSERT INTO pedidos (cliente_id, data_criacao, status, valor_total) VALUES (?, ?, ?, ?)",
        (cliente_id, agora(), "pendente", total),
    )
    pedido_id = cursor.lastrowid or 0
    for produto_id, quantidade in itens:
        conn.execute(
            "INSERT INTO itens_pedido (pedido_id, produto_id, quantidade, preco_unitario)"
            " VALUES (?, ?, ?, ?)",
            (pedido_id, produto_id, quantidade, precos[produto_id]),
        )
    conn.commit()
    return pedido_id, total


def concluir_pedido(conn: sqlite3.Connection, pedido_id: int, sucesso: bool) -> str:
    """O fim do pedido; devolve o status em que ficou."""
    status = "enviado" if sucesso else "cancelado"
    conn.execute("UPDATE pedidos SET status = ? WHERE id = ?", (status, pedido_id))
    registrar(conn, pedido_id, "criar_pedido", status)
    return status


def processar_pagamento(conn: sqlite3.Connection, pedido_id: int, metodo: str) -> None:
    conn.execute(
        "INSERT INTO pagamentos (pedido_id, status, data_processamento, metodo)"
        " VALUES (?, ?, ?, ?)",
        (pedido_id, "aprovado", agora(), metodo),
    )
    conn.commit()


def separar_estoque(conn: sqlite3.Connection, itens: Itens) -> bool:
    """Baixa todos os itens; False, e nada baixado, se falta algum."""
    for produto_id, quantidade in itens:
        baixa = conn.execute(
            "UPDATE produtos SET quantidade_estoque = quantidade_estoque - ?"
            " WHERE id = ? AND quantidade_estoque >= ?",
            (quantidade, produto_id, quantidade),
        )
        if not baixa.rowcount:
            conn.rollback()
            return False
    conn.commit()
    return True


def emitir_nota(conn: sqlite3.Connection, pedido_id: int) -> int:
    """A nota do pedido; devolve o id dela."""
    numero = f"NF{random.randint(10000, 99999)}-{pedido_id}"
    chave = "".join(random.choices("0123456789", k=39))
    cursor = conn.execute(
        "INSERT INTO notas_fiscais (pedido_id, numero, data_emissao, chave_acesso)"
        " VALUES (?, ?, ?, ?)",
        (pedido_id, numero, agora(), chave),
    )
    conn.commit()
    return cursor.lastrowid or 0


def agendar_envio(conn: sqlite3.Connection, pedido_id: int, nota_fiscal_id: int) -> None:
    rastreio = f"BR{random.randint(100000000, 999999999)}PY"
    conn.execute(
        "INSERT INTO envios"
        " (pedido_id, nota_fiscal_id, data_despacho, codigo_rastreamento, status)"
        " VALUES (?, ?, ?, ?, ?)",
        (pedido_id, nota_fiscal_id, agora(), rastreio, "aguardando_envio"),
    )
    conn.commit()


def registrar(conn: sqlite3.Connection, pedido_id: int, operacao: str, resultado: str) -> None:
    """A operação que o enunciado manda cada serviço registrar."""
    conn.execute(
        "INSERT INTO operacoes (pedido_id, operacao, resultado, criado_em) VALUES (?, ?, ?, ?)",
        (pedido_id, operacao, resultado, agora()),
    )
    conn.commit()


def agora() -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S")
