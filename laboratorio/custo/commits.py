"""Quantos commits os bancos SQLite fazem, contados nos próprios arquivos.

No WAL, o último quadro de cada commit traz o tamanho do banco (sqlite.org/fileformat2.html, 4.1);
no journal de fábrica, cada commit soma 1 ao contador do cabeçalho (1.3.8).
"""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

_CABECALHO_DO_WAL = struct.Struct(">8xI4x8s8x")  # tamanho da página, sal
_CABECALHO_DO_QUADRO = struct.Struct(">4xI8s8x")  # tamanho do banco, se é o fim de um commit; sal
_CABECALHO_DO_BANCO = struct.Struct(">18xB5xI")  # 2 se usa WAL; contador de mudanças
_USA_WAL = 2
Marca = tuple[bytes, int]  # o sal do WAL, vazio no journal de fábrica, e a contagem


@contextmanager
def contando_commits(pasta: Path) -> Iterator[Callable[[], dict[str, int]]]:
    """Dá uma função que diz quantos commits cada banco da pasta fez desde o começo do bloco."""
    bancos = sorted(pasta.glob("*.db"))
    with ExitStack() as leituras:
        for banco in bancos:
            if _cabecalho(banco)[0] == _USA_WAL:
                _segurar_o_wal(leituras.enter_context(closing(sqlite3.connect(banco))))
        antes = {banco: _marca(banco) for banco in bancos}
        yield lambda: {banco.stem: _desde(antes[banco], _marca(banco)) for banco in bancos}


def _segurar_o_wal(leitor: sqlite3.Connection) -> None:
    """Com uma leitura aberta o WAL recomeça no máximo uma vez, e só se já estava todo no banco."""
    leitor.execute("BEGIN")
    leitor.execute("SELECT count(*) FROM sqlite_schema").fetchone()


def _desde(antes: Marca, agora: Marca) -> int:
    # sal novo: o WAL recomeçou, e tudo o que está nele veio depois
    return agora[1] - antes[1] if agora[0] == antes[0] else agora[1]


def _marca(banco: Path) -> Marca:
    usa_wal, mudancas = _cabecalho(banco)
    if usa_wal != _USA_WAL:
        return b"", mudancas
    wal = banco.with_name(f"{banco.name}-wal").read_bytes()
    if not wal:
        return b"", 0
    pagina, sal = _CABECALHO_DO_WAL.unpack_from(wal)
    return sal, _commits_no_wal(wal, pagina, sal)


def _commits_no_wal(wal: bytes, pagina: int, sal: bytes) -> int:
    """Os commits desde que o WAL recomeçou; o que vem de antes dele tem outro sal."""
    commits = 0
    for onde in range(_CABECALHO_DO_WAL.size, len(wal), _CABECALHO_DO_QUADRO.size + pagina):
        tamanho, do_quadro = _CABECALHO_DO_QUADRO.unpack_from(wal, onde)
        if do_quadro != sal:
            break
        commits += tamanho > 0
    return commits


def _cabecalho(banco: Path) -> tuple[int, int]:
    with banco.open("rb") as arquivo:
        usa_wal, mudancas = _CABECALHO_DO_BANCO.unpack(arquivo.read(_CABECALHO_DO_BANCO.size))
    return usa_wal, mudancas
