"""Um ecommerce.db em que cada regra da importação tem o que recusar ou reparar."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ecommerce.mensagens import ID_MAXIMO, PEDIDO_MAXIMO
from ferramentas.importacao.leitura import COLUNAS
from fiscal.dominio import chave_de_acesso
from logistica.dominio import codigo_rastreamento

DIA, ANTES = "2026-10-{:02}T12:00:00", "2026-09-01T12:00:00"
S10_ALHEIO = "RA473124829BR"  # o número do exemplo da norma

# o que o relatório tem de dizer, e nada além: regra -> [(tabela, id)]
ESPERADAS = {
    "id_invalido": [
        ("clientes", 0),
        ("clientes", ID_MAXIMO),
        ("produtos", ID_MAXIMO),
        ("pedidos", PEDIDO_MAXIMO + 1),
    ],
    "nome_invalido": [("clientes", 2), ("clientes", 7), ("produtos", 5)],
    "email_invalido": [("clientes", 3), ("clientes", 8)],
    "email_repetido": [("clientes", 4)],
    "nome_cortado": [("clientes", 5)],
    "email_em_minusculas": [("clientes", 6)],
    "preco_arredondado": [("produtos", 2)],
    "preco_invalido": [("produtos", 3), ("produtos", 6), ("produtos", 7)],
    "estoque_invalido": [("produtos", 4)],
    "cliente_desconhecido": [("pedidos", 2)],
    "cliente_recusado": [("pedidos", 3)],
    "data_invalida": [("pedidos", 4)],
    "status_desconhecido": [("pedidos", 5)],
    "pedido_sem_itens": [("pedidos", 6)],
    "itens_demais": [("pedidos", 7)],
    "total_grande_demais": [("pedidos", 16)],
    "total_recalculado": [("pedidos", 8)],
    "metodo_suposto": [("pedidos", 8), ("pedidos", 14)],
    "produto_desconhecido": [("itens_pedido", 82)],
    "quantidade_invalida": [("itens_pedido", 83)],
    "pedido_desconhecido": [("itens_pedido", 84), ("pagamentos", 77)],
    "pedido_recusado": [("itens_pedido", 85)],
    "item_repetido": [("itens_pedido", 92)],
    "quantidade_cortada": [("itens_pedido", 92)],
    "pagamento_pendente": [("pagamentos", 9)],
    "cancelado_sem_estorno": [("pagamentos", 10)],
    "envio_de_cancelado": [("envios", 10)],
    "nota_sem_pagamento": [("notas_fiscais", 11)],
    "envio_sem_nota": [("envios", 11)],
    "data_refeita": [("pagamentos", 12), ("notas_fiscais", 12), ("envios", 12)],
    "numero_refeito": [("notas_fiscais", 12)],
    "chave_refeita": [("notas_fiscais", 12), ("notas_fiscais", 15)],
    "rastreio_refeito": [("envios", 12)],
    "status_derivado": [("pedidos", 12)],
    "envio_cancelado": [("envios", 13)],
    "metodo_desconhecido": [("pagamentos", 14)],
    "linha_repetida": [("pagamentos", 100)],
}

# como ficam os pedidos que se aproveitam: (status, motivo, centavos, método)
PEDIDOS = {
    1: ("enviado", None, 1000, "pix"),
    8: ("pendente", None, 1000, "pix"),
    9: ("pendente", None, 1_000_000, "boleto"),
    10: ("cancelado", "cancelado_a_pedido", 1000, "pix"),
    11: ("cancelado", "pagamento_rejeitado", 1000, "cartao_credito"),
    12: ("enviado", None, 1000, "pix"),
    13: ("nf_emitida", None, 1000, "pix"),
    14: ("pendente", None, 1000, "pix"),
    15: ("entregue", None, 1000, "pix"),
}


def criar(arquivo: Path) -> None:
    """Grava o arquivo em tabelas sem tipos nem restrições, que aceitam qualquer coisa."""
    with closing(sqlite3.connect(arquivo)) as banco, banco:
        for tabela, linhas in _linhas().items():
            banco.execute(f"CREATE TABLE {tabela} ({', '.join(COLUNAS[tabela])})")
            vagas = ", ".join("?" * len(COLUNAS[tabela]))
            banco.executemany(f"INSERT INTO {tabela} VALUES ({vagas})", linhas)  # noqa: S608


def _linhas() -> dict[str, list[tuple[Any, ...]]]:
    muitos = range(101, 202)
    return {
        "clientes": [
            (0, "Zero à Esquerda", "zero@example.com"),
            (1, "Ana Souza", "ana@example.com"),
            (2, " ", "bia@example.com"),
            (3, "Caio Reis", "sem-arroba"),
            (4, "Outra Ana", "ANA@example.com"),
            (5, "Davi " + "x" * 70, "davi@example.com"),
            (6, "Eva Reis", "EVA@example.com"),
            (ID_MAXIMO, "Último Cliente", "ultimo@example.com"),
            (7, "Łukasz Reis", "lukasz@example.com"),  # passa do ÿ
            (8, "Iris Reis", "İris@example.com"),  # em minúsculas tem um caractere a mais
        ],
        "produtos": [
            (1, "Caneca", 10.0, 10),
            (2, "Livro", 5.499, 10),
            (3, "Brinde", 0, 10),
            (4, "Lápis", 1.0, -1),
            (ID_MAXIMO, "Último Produto", 1.0, 10),
            (5, "Caneca\nazul", 1.0, 10),
            (6, "Iate", 9_999_999_999.999, 10),  # arredondado, passa do máximo
            (7, "Porta-aviões", float("inf"), 10),
            (8, "Lancha", 10_000_000.0, 10),
            *((i, f"Produto {i}", 1.0, 0) for i in muitos),
        ],
        "pedidos": _pedidos(),
        "itens_pedido": [
            *((i * 10 + 1, i, 1, 1, 10.0) for i in (1, 10, 11, 12, 13, 14, 15)),
            *((i * 10, 7, i, 1, 1.0) for i in muitos),
            *[(81, 8, 1, 1, 10.0), (82, 8, 3, 1, 10.0), (83, 8, 2, 0, 5.5), (84, 77, 1, 1, 10.0)],
            (161, 16, 8, 1000, 10_000_000.0),
            *[(85, 2, 1, 1, 10.0), (91, 9, 1, 600, 10.0), (92, 9, 1, 600, 10.0)],
        ],
        "pagamentos": _pagamentos(),
        "notas_fiscais": _notas(),
        "envios": _envios(),
    }


def _pedidos() -> list[tuple[Any, ...]]:
    def dia(i: int) -> str:
        return DIA.format(i)

    return [
        (1, 1, dia(1), "enviado", 10.0),
        (2, 99, dia(2), "pendente", 10.0),
        (3, 2, dia(3), "pendente", 10.0),
        (4, 1, "ontem", "pendente", 10.0),
        (5, 1, dia(5), "perdido", 10.0),
        (6, 1, dia(6), "pendente", 10.0),
        (7, 1, dia(7), "pendente", 101.0),
        (8, 5, dia(8), "pendente", 20.01),
        (9, 6, dia(9), "pendente", 10_000.0),
        (10, 1, dia(10), "cancelado", 10.0),
        (11, 1, dia(11), "cancelado", 10.0),
        (12, 1, dia(12), "pendente", 10.0),
        (13, 1, dia(13), "nf_emitida", 10.0),
        (14, 1, dia(14), "pendente", 10.0),
        (15, 1, dia(15), "entregue", 10.0),
        (16, 1, dia(16), "pendente", 10_000_000_000.0),
        (PEDIDO_MAXIMO + 1, 1, dia(15), "pendente", 10.0),
    ]


def _pagamentos() -> list[tuple[Any, ...]]:
    certos = [(i, i, DIA.format(i), "aprovado", "pix") for i in (1, 10, 13, 15)]
    return [
        *certos,
        (9, 9, DIA.format(9), "pendente", "boleto"),
        (11, 11, DIA.format(11), "rejeitado", "cartao_credito"),
        (12, 12, ANTES, "aprovado", "pix"),
        (14, 14, DIA.format(14), "aprovado", "cheque"),
        (77, 77, DIA.format(14), "aprovado", "pix"),
        (100, 1, DIA.format(1), "aprovado", "pix"),
    ]


def _notas() -> list[tuple[Any, ...]]:
    numeros = {1: 1, 10: 2, 13: 4, 15: 5}  # a do pedido 12 é que terá o 3
    certas = [(i, i, str(n), DIA.format(i), _chave(n, i)) for i, n in numeros.items()]
    certas[-1] = (15, 15, "5", DIA.format(15), _chave(5, 15, codigo=12345678))  # um cNF proibido
    return [
        *certas,
        (11, 11, "NF11111-11", DIA.format(11), "1" * 39),
        (12, 12, "NF12345-12", ANTES, "1" * 39),
    ]


def _chave(numero: int, dia: int, codigo: int = 87654321) -> str:
    emitida_em = datetime(2026, 10, dia, 12, tzinfo=UTC)
    return str(chave_de_acesso(serie=1, numero=numero, emitida_em=emitida_em, codigo=codigo))


def _envios() -> list[tuple[Any, ...]]:
    return [
        (1, 1, 1, DIA.format(1), codigo_rastreamento(1), "aguardando_envio"),
        (10, 10, 10, DIA.format(10), codigo_rastreamento(10), "enviado"),
        (11, 11, 11, DIA.format(11), codigo_rastreamento(11), "enviado"),
        (12, 12, 12, None, "BR123456789PY", "enviado"),
        (13, 13, 13, DIA.format(13), codigo_rastreamento(13), "cancelado"),
        (15, 15, 15, DIA.format(15), S10_ALHEIO, "entregue"),
    ]


def _texto_qualquer(arquivo: Path) -> None:
    arquivo.write_text("isto não é um banco de dados\n" * 100, encoding="utf-8")


def _sem_envios(arquivo: Path) -> None:
    criar(arquivo)
    with closing(sqlite3.connect(arquivo)) as banco:
        banco.execute("DROP TABLE envios")


def _nenhum(arquivo: Path) -> None:
    """Não há arquivo."""


OUTROS = (_texto_qualquer, _sem_envios, _nenhum)
