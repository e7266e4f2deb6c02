"""Um arquivo SQLite por serviço, na pasta corrente, aberto a cada chamada como no enunciado."""

from __future__ import annotations

import sqlite3

PRODUTOS = 30
_PRODUTOS_SQL = """CREATE TABLE IF NOT EXISTS produtos (
    id INTEGER PRIMARY KEY, nome TEXT NOT NULL, preco REAL NOT NULL,
    quantidade_estoque INTEGER NOT NULL)"""
_OPERACOES_SQL = """CREATE TABLE IF NOT EXISTS operacoes (
    id INTEGER PRIMARY KEY AUTOINCREMENT, pedido_id INTEGER NOT NULL, operacao TEXT NOT NULL,
    resultado TEXT NOT NULL, criado_em TEXT NOT NULL)"""
TABELAS = {
    "pedidos": (
        _PRODUTOS_SQL,
        """CREATE TABLE IF NOT EXISTS pedidos (
            id INTEGER PRIMARY KEY AUTOINCREMENT, cliente_id INTEGER NOT NULL,
            data_criacao TEXT NOT NULL, status TEXT NOT NULL, valor_total REAL)""",
        """CREATE TABLE IF NOT EXISTS itens_pedido (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            pedido_id INTEGER NOT NULL REFERENCES pedidos (id),
            produto_id INTEGER NOT NULL REFERENCES produtos (id),
            quantidade INTEGER NOT NULL, preco_unitario REAL NOT NULL)""",
        _OPERACOES_SQL,
    ),
    "pagamentos": (
        """CREATE TABLE IF NOT EXISTS pagamentos (
            id INTEGER PRIMARY KEY AUTOINCREMENT, pedido_id INTEGER NOT NULL UNIQUE,
            data_processamento TEXT, status TEXT NOT NULL, metodo TEXT)""",
        _OPERACOES_SQL,
    ),
    "estoque": (_PRODUTOS_SQL, _OPERACOES_SQL),
    "fiscal": (
        """CREATE TABLE IF NOT EXISTS notas_fiscais (
            id INTEGER PRIMARY KEY AUTOINCREMENT, pedido_id INTEGER NOT NULL UNIQUE,
            numero TEXT NOT NULL UNIQUE, data_emissao TEXT NOT NULL, chave_acesso TEXT)""",
        _OPERACOES_SQL,
    ),
    "logistica": (
        """CREATE TABLE IF NOT EXISTS envios (
            id INTEGER PRIMARY KEY AUTOINCREMENT, pedido_id INTEGER NOT NULL UNIQUE,
            nota_fiscal_id INTEGER NOT NULL UNIQUE, data_despacho TEXT,
            codigo_rastreamento TEXT, status TEXT NOT NULL)""",
        _OPERACOES_SQL,
    ),
}


def abrir(servico: str, pasta: str = ".") -> sqlite3.Connection:
    """Uma conexão nova ao banco do serviço, com as tabelas garantidas."""
    conn = sqlite3.connect(f"{pasta}/{servico}.db")
    for tabela in TABELAS[servico]:
        conn.execute(tabela)
    conn.commit()
    return conn


def semear(conn: sqlite3.Connection) -> None:
    """Os produtos 1 a 30, com cem peças de cada; não mexe nos que já existem."""
    produtos = [(i, f"Produto {i}", round(10.5 + 16.1 * i, 2), 100) for i in range(1, PRODUTOS + 1)]
    conn.executemany("INSERT OR IGNORE INTO produtos VALUES (?, ?, ?, ?)", produtos)
    conn.commit()
