"""Arquivos em que uma loja pode ser gravada: seis fixtures ou um ecommerce.db."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from ecommerce.dinheiro import de_centavos
from ecommerce.servicos import SERVICOS
from ferramentas.dados_de_exemplo.historia import DadosDaLoja, Historia
from ferramentas.dados_de_exemplo.tabelas import Tabela, linhas

ECOMMERCE_DB = """
CREATE TABLE produtos (
    id INTEGER PRIMARY KEY,
    nome TEXT NOT NULL,
    preco REAL NOT NULL,
    quantidade_estoque INTEGER NOT NULL
);
CREATE TABLE clientes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    nome TEXT NOT NULL,
    email TEXT NOT NULL UNIQUE
);
CREATE TABLE pedidos (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    cliente_id INTEGER NOT NULL,
    data_criacao TEXT NOT NULL,
    status TEXT NOT NULL,
    valor_total REAL,
    FOREIGN KEY (cliente_id) REFERENCES clientes (id)
);
CREATE TABLE itens_pedido (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    pedido_id INTEGER NOT NULL,
    produto_id INTEGER NOT NULL,
    quantidade INTEGER NOT NULL,
    preco_unitario REAL NOT NULL,
    FOREIGN KEY (pedido_id) REFERENCES pedidos (id),
    FOREIGN KEY (produto_id) REFERENCES produtos (id)
);
CREATE TABLE pagamentos (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    pedido_id INTEGER NOT NULL UNIQUE,
    data_processamento TEXT NOT NULL,
    status TEXT NOT NULL,
    metodo TEXT,
    FOREIGN KEY (pedido_id) REFERENCES pedidos (id)
);
CREATE TABLE notas_fiscais (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    pedido_id INTEGER NOT NULL UNIQUE,
    numero TEXT NOT NULL UNIQUE,
    data_emissao TEXT NOT NULL,
    chave_acesso TEXT,
    FOREIGN KEY (pedido_id) REFERENCES pedidos (id)
);
CREATE TABLE envios (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    pedido_id INTEGER NOT NULL UNIQUE,
    nota_fiscal_id INTEGER NOT NULL UNIQUE,
    data_despacho TEXT,
    codigo_rastreamento TEXT,
    status TEXT NOT NULL,
    FOREIGN KEY (pedido_id) REFERENCES pedidos (id),
    FOREIGN KEY (nota_fiscal_id) REFERENCES notas_fiscais (id)
);
"""


@contextmanager
def _inteiro_ou_nada(destino: Path) -> Iterator[Path]:
    """Escreve-se num vizinho, que só toma o lugar de `destino` se tudo correu bem."""
    destino.parent.mkdir(parents=True, exist_ok=True)
    parcial = destino.with_name(f".{destino.name}.parcial")
    parcial.unlink(missing_ok=True)
    try:
        yield parcial
        parcial.replace(destino)
    finally:
        parcial.unlink(missing_ok=True)


def gravar_fixtures(loja: DadosDaLoja, pasta: Path) -> None:
    """Um `<servico>.json` por serviço, para o `loaddata`, com um objeto por linha."""
    with ExitStack() as pilha:
        arquivos: dict[str, IO[str]] = {}
        for servico in SERVICOS:
            parcial = pilha.enter_context(_inteiro_ou_nada(pasta / f"{servico}.json"))
            arquivos[servico] = pilha.enter_context(parcial.open("w", encoding="utf-8"))
        separador = dict.fromkeys(SERVICOS, "[\n")
        for tabela, valores in linhas(loja):
            objeto = json.dumps(_objeto(tabela, valores), ensure_ascii=False)
            arquivos[tabela.servico].write(separador[tabela.servico] + objeto)
            separador[tabela.servico] = ",\n"
        for arquivo in arquivos.values():
            arquivo.write("\n]\n")


def _objeto(tabela: Tabela, valores: tuple[Any, ...]) -> dict[str, Any]:
    campos = {}
    for coluna, valor in zip(tabela.colunas[1:], valores[1:], strict=True):
        nome = coluna.removesuffix("_id") if coluna == tabela.estrangeira else coluna
        campos[nome] = str(de_centavos(valor)) if coluna in tabela.dinheiro else _json(valor)
    return {"model": tabela.modelo, "pk": valores[0], "fields": campos}


def _json(valor: Any) -> Any:
    if isinstance(valor, datetime):
        return valor.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return valor


def gravar_ecommerce_db(loja: DadosDaLoja, arquivo: Path) -> None:
    """Um SQLite com as tabelas e colunas do enunciado; as datas levam o fuso (UTC).

    O formato não diz o motivo de um cancelamento: ele se deduz das linhas do pedido.
    """
    with _inteiro_ou_nada(arquivo) as parcial:
        banco = sqlite3.connect(parcial)
        try:
            banco.executescript(ECOMMERCE_DB)
            clientes = ((c.id, c.nome, c.email) for c in loja.clientes)
            banco.executemany("INSERT INTO clientes VALUES (?, ?, ?)", clientes)
            for evento in loja.percorrer():
                if isinstance(evento, Historia):
                    _gravar_historia(banco, evento)
            produtos = (
                (p.id, p.nome, float(p.preco), loja.saldos[p.id].disponivel) for p in loja.produtos
            )
            banco.executemany("INSERT INTO produtos VALUES (?, ?, ?, ?)", produtos)
            banco.commit()
        finally:
            banco.close()


def _gravar_historia(banco: sqlite3.Connection, historia: Historia) -> None:
    ordem, pedido_id = historia.ordem, historia.ordem.pedido_id
    pedido = (ordem.cliente.id, _texto(historia.criado_em), historia.status)
    banco.execute(
        "INSERT INTO pedidos VALUES (?, ?, ?, ?, ?)", (pedido_id, *pedido, float(ordem.valor_total))
    )
    banco.executemany(
        "INSERT INTO itens_pedido VALUES (NULL, ?, ?, ?, ?)",
        [(pedido_id, i.produto_id, i.quantidade, float(i.preco_unitario)) for i in ordem.itens],
    )
    if pagamento := historia.pagamento:
        processado = (_texto(pagamento.data_processamento), pagamento.status, pagamento.metodo)
        banco.execute("INSERT INTO pagamentos VALUES (NULL, ?, ?, ?, ?)", (pedido_id, *processado))
    if nota := historia.nota:
        emissao = (nota.numero, _texto(nota.data_emissao), nota.chave_acesso)
        nota_id = banco.execute(
            "INSERT INTO notas_fiscais VALUES (NULL, ?, ?, ?, ?)", (pedido_id, *emissao)
        ).lastrowid
        if envio := historia.envio:
            despacho = (_texto(envio.data_despacho), envio.codigo_rastreamento, envio.status)
            banco.execute(
                "INSERT INTO envios VALUES (NULL, ?, ?, ?, ?, ?)", (pedido_id, nota_id, *despacho)
            )


def _texto(instante: datetime | None) -> str | None:
    return instante.astimezone(UTC).isoformat(timespec="milliseconds") if instante else None
