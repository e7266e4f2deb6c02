"""O SQL do checkout, escrito uma vez só por forma de comando; o ORM o escreve de novo a cada vez.

As linhas seguem sendo modelos, cada um no seu banco, e os valores passam pelos seus campos. Fora
do checkout, o ORM.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeVar, cast

from django.db import DEFAULT_DB_ALIAS, connection, connections, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, Model

Linha = TypeVar("Linha", bound=Model)
_Campos = list["Field[Any, Any]"]
_Conversor = tuple[int, Callable[..., Any], Any]
_Forma = tuple[tuple[str, int | None], ...]  # de cada campo, quantos valores numa tupla
_FORMAS = 1000


def inserir(*linhas: Model) -> None:
    """Um INSERT das linhas, todas do mesmo modelo; uma sozinha recebe o id que o banco lhe deu."""
    modelo = type(linhas[0])
    sql, campos, devolvidos = _insercao(modelo, len(linhas))
    banco = connections[banco_de(modelo)]
    valores = [
        campo.get_db_prep_save(getattr(linha, campo.attname), banco)
        for linha in linhas
        for campo in campos
    ]
    trazidas, _ = _rodar(banco, sql, valores)
    for trazida in trazidas:
        for campo, valor in zip(devolvidos, trazida, strict=True):
            setattr(linhas[0], campo.attname, valor)
    for linha in linhas:
        linha._state.adding, linha._state.db = False, banco.alias


def buscar(modelo: type[Linha], **chave: Any) -> Linha | None:
    """A linha que a chave única nomeia, se há uma."""
    return next(iter(listar(modelo, **chave)), None)


def listar(modelo: type[Linha], **onde: Any) -> list[Linha]:
    """As linhas com os valores dados, ou todas, em ordem da chave primária.

    Onde vem uma tupla, com qualquer um dos valores dela.
    """
    sql, nomes, conversores = _selecao(modelo, _forma(onde))
    banco = connections[banco_de(modelo)]
    trazidas, _ = _rodar(banco, sql, _valores(banco, modelo, onde))
    linhas = [list(trazida) for trazida in trazidas]
    for linha in linhas:
        for posicao, converter, coluna in conversores:
            linha[posicao] = converter(linha[posicao], coluna, banco)
    return [modelo.from_db(banco.alias, nomes, linha) for linha in linhas]


def atualizar(modelo: type[Model], onde: Mapping[str, Any], **mudancas: Any) -> int:
    """UPDATE das linhas como em `listar`; devolve quantas eram."""
    sql = _atualizacao(modelo, tuple(mudancas), _forma(onde))
    banco = connections[banco_de(modelo)]
    valores = _valores(banco, modelo, mudancas) + _valores(banco, modelo, onde)
    return _rodar(banco, sql, valores)[1]


def executar(sql: str, *valores: Any) -> int:
    """Um comando com `%s` no lugar de cada valor; devolve quantas linhas mudou."""
    return _rodar(connections[DEFAULT_DB_ALIAS], sql, valores)[1]


def consultar(sql: str, *valores: Any) -> Any:
    """O primeiro valor que o comando traz, ou None se ele não traz linha nenhuma."""
    trazidas, _ = _rodar(connections[DEFAULT_DB_ALIAS], sql, valores)
    return trazidas[0][0] if trazidas else None


@lru_cache(_FORMAS)
def banco_de(modelo: type[Model]) -> str:
    """O alias do banco em que o modelo mora."""
    return router.db_for_write(modelo)


def _rodar(
    banco: BaseDatabaseWrapper, sql: str, valores: Sequence[Any]
) -> tuple[list[tuple[Any, ...]], int]:
    """O que o comando traz e quantas linhas mudou.

    Vai direto ao driver: o cursor do Django custaria mais 10 us por comando.
    """
    banco.close_if_health_check_failed()
    banco.ensure_connection()
    with banco.wrap_database_errors:
        cursor = banco.connection.execute(_do_driver(banco.vendor, sql), valores)
        return cursor.fetchall() if cursor.description else [], cursor.rowcount


@lru_cache(_FORMAS)
def _do_driver(vendor: str, sql: str) -> str:
    return sql.replace("%s", "?") if vendor == "sqlite" else sql


@lru_cache(_FORMAS)
def _insercao(modelo: type[Model], quantas: int) -> tuple[str, _Campos, _Campos]:
    """O INSERT, os campos que leva e os que traz de volta, que é o banco que preenche."""
    do_banco: _Campos = list(modelo._meta.db_returning_fields)
    campos = [campo for campo in modelo._meta.local_concrete_fields if campo not in do_banco]
    linha = f"({', '.join(['%s'] * len(campos))})"
    valores = ", ".join([linha] * quantas)
    sql = f"INSERT INTO {_tabela(modelo)} ({_colunas(campos)}) VALUES {valores}"  # noqa: S608 - só nomes do modelo
    if quantas > 1 or not do_banco:
        return sql, campos, []
    return f"{sql} RETURNING {_colunas(do_banco)}", campos, do_banco


@lru_cache(_FORMAS)
def _selecao(modelo: type[Model], forma: _Forma) -> tuple[str, list[str], list[_Conversor]]:
    """O SELECT, os nomes do que traz e o que faz de cada valor do banco o do campo."""
    campos: _Campos = list(modelo._meta.local_concrete_fields)
    banco = connections[banco_de(modelo)]
    compilador = modelo._default_manager.all().query.get_compiler(connection=banco)
    achados = compilador.get_converters([campo.cached_col for campo in campos])
    conversores = [(i, cada, coluna) for i, (todos, coluna) in achados.items() for cada in todos]
    onde = f" WHERE {_condicao(modelo, forma)}" if forma else ""
    chave = _coluna(modelo._meta.pk)
    sql = f"SELECT {_colunas(campos)} FROM {_tabela(modelo)}{onde} ORDER BY {chave}"  # noqa: S608
    return sql, [campo.attname for campo in campos], conversores


@lru_cache(_FORMAS)
def _atualizacao(modelo: type[Model], nomes: tuple[str, ...], forma: _Forma) -> str:
    mudancas = ", ".join(f"{_coluna(_campo(modelo, nome))} = %s" for nome in nomes)
    return f"UPDATE {_tabela(modelo)} SET {mudancas} WHERE {_condicao(modelo, forma)}"  # noqa: S608


def _forma(onde: Mapping[str, Any]) -> _Forma:
    return tuple((nome, len(v) if isinstance(v, tuple) else None) for nome, v in onde.items())


def _condicao(modelo: type[Model], forma: _Forma) -> str:
    return " AND ".join(
        f"{_coluna(_campo(modelo, nome))} "
        + ("= %s" if quantos is None else f"IN ({', '.join(['%s'] * quantos) or 'NULL'})")
        for nome, quantos in forma
    )


def _valores(
    banco: BaseDatabaseWrapper, modelo: type[Model], dados: Mapping[str, Any]
) -> list[Any]:
    return [
        _campo(modelo, nome).get_db_prep_save(cada, banco)
        for nome, valor in dados.items()
        for cada in (valor if isinstance(valor, tuple) else (valor,))
    ]


def _campo(modelo: type[Model], nome: str) -> Field[Any, Any]:
    return cast("Field[Any, Any]", modelo._meta.get_field(nome))


def _tabela(modelo: type[Model]) -> str:
    return connection.ops.quote_name(modelo._meta.db_table)


def _coluna(campo: Field[Any, Any]) -> str:
    return connection.ops.quote_name(str(campo.column))


def _colunas(campos: _Campos) -> str:
    return ", ".join(_coluna(campo) for campo in campos)
