"""Lê um ecommerce.db sem confiar nele: o SQLite guarda qualquer coisa em qualquer coluna."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection
from contextlib import closing
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from django.core.management import CommandError

from ecommerce.dinheiro import CENTAVO
from ecommerce.mensagens import VALOR_MAXIMO
from ecommerce.textos import email_normalizado, normalizado, validar_email

COLUNAS = {
    "clientes": ("id", "nome", "email"),
    "produtos": ("id", "nome", "preco", "quantidade_estoque"),
    "pedidos": ("id", "cliente_id", "data_criacao", "status", "valor_total"),
    "itens_pedido": ("id", "pedido_id", "produto_id", "quantidade", "preco_unitario"),
    "pagamentos": ("id", "pedido_id", "data_processamento", "status", "metodo"),
    "notas_fiscais": ("id", "pedido_id", "numero", "data_emissao", "chave_acesso"),
    "envios": (
        *("id", "pedido_id", "nota_fiscal_id", "data_despacho", "codigo_rastreamento", "status"),
    ),
}
# o ano de dois dígitos da chave de acesso
ANOS = range(2000, 2100)

IDENTIDADE_MAXIMA = 2**62  # o banco numera daí em diante os que vêm depois

LinhaLida = dict[str, Any]
Validar = Callable[[str, str], dict[str, list[str]]]


class LinhaRecusada(Exception):
    """A linha não serve; `regra` é uma das de `ocorrencias.REGRAS`."""

    def __init__(self, regra: str) -> None:
        super().__init__(regra)
        self.regra = regra


def ler(arquivo: Path) -> dict[str, list[LinhaLida]]:
    """As linhas de cada tabela, por id, cada uma com o nome da sua `tabela`.

    Levanta CommandError se o arquivo não é um ecommerce.db.
    """
    if not arquivo.is_file():
        raise CommandError(f"O arquivo {arquivo} não existe.")
    try:
        with closing(sqlite3.connect(f"{arquivo.resolve().as_uri()}?mode=ro", uri=True)) as banco:
            banco.row_factory = sqlite3.Row
            banco.text_factory = lambda texto: texto.decode("utf-8", "replace")
            return {tabela: _linhas(banco, tabela) for tabela in COLUNAS}
    except sqlite3.Error as erro:
        raise CommandError(f"{arquivo} não é um ecommerce.db: {erro}.") from erro


def _linhas(banco: sqlite3.Connection, tabela: str) -> list[LinhaLida]:
    colunas = ", ".join(COLUNAS[tabela])
    comando = f"SELECT '{tabela}' AS tabela, {colunas} FROM {tabela} ORDER BY id"  # noqa: S608
    return [dict(linha) for linha in banco.execute(comando)]


def inteiro(valor: object, regra: str, minimo: int, maximo: int) -> int:
    """O valor, se é um inteiro entre os limites. Levanta LinhaRecusada."""
    if not isinstance(valor, int) or not minimo <= valor <= maximo:
        raise LinhaRecusada(regra)
    return valor


def identidade(valor: object, maximo: int = IDENTIDADE_MAXIMA) -> int:
    """O id, se é um inteiro de 1 a `maximo`. Levanta LinhaRecusada."""
    return inteiro(valor, "id_invalido", 1, maximo)


def reais(valor: object) -> Decimal:
    """O valor arredondado a centavos. Levanta LinhaRecusada se não é um número a cobrar."""
    if not isinstance(valor, int | float) or not 0 < valor < VALOR_MAXIMO + 1:
        raise LinhaRecusada("preco_invalido")
    arredondado = Decimal(str(valor)).quantize(CENTAVO, ROUND_HALF_UP)
    if not 0 < arredondado <= VALOR_MAXIMO:
        raise LinhaRecusada("preco_invalido")
    return arredondado


def instante(valor: object) -> datetime:
    """A data ISO 8601, em UTC quando não diz o fuso.

    Levanta LinhaRecusada se não é uma data, ou não é deste século.
    """
    try:
        lido = datetime.fromisoformat(str(valor))
    except ValueError:
        raise LinhaRecusada("data_invalida") from None
    if lido.year not in ANOS:
        raise LinhaRecusada("data_invalida")
    return lido.astimezone(UTC) if lido.tzinfo else lido.replace(tzinfo=UTC)


def nome(valor: object, maximo: int, validar: Validar) -> str:
    """O nome normalizado, e cortado se não cabe.

    Levanta LinhaRecusada se não é um texto, ou se a regra não o aceita.
    """
    lido = normalizado(valor)[:maximo].rstrip() if isinstance(valor, str) else ""
    if validar(lido, "nome"):
        raise LinhaRecusada("nome_invalido")
    return lido


def email(valor: object) -> str:
    """O e-mail normalizado. Levanta LinhaRecusada se não é um, ou não cabe numa nota."""
    lido = email_normalizado(valor) if isinstance(valor, str) else ""
    if validar_email(lido, "email"):
        raise LinhaRecusada("email_invalido")
    return lido


def um_de(valor: object, aceitos: Collection[str], regra: str) -> str:
    """O texto, se é um dos aceitos. Levanta LinhaRecusada."""
    if not isinstance(valor, str) or valor not in aceitos:
        raise LinhaRecusada(regra)
    return valor
