"""O SQL do checkout, escrito uma vez só por forma de comando; o ORM o escreve de novo a cada vez.

As linhas seguem sendo modelos, e os valores passam pelos seus campos. Fora do checkout, o ORM.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, TypeVar, cast

from django.db import connection
from django.db.models import Field, Model

Linha = TypeVar("Linha", bound=Model)
_Campos = list["Field[Any, Any]"]
_Conversor = tuple[int, Callable[..., Any], Any]
_Forma = tuple[tuple[str, int | None], ...]  # de cada campo, quantos valores numa tupla
_FORMAS = 1000


def inserir(*linhas: Model) -> None:
    """Um INSERT das linhas, todas do mesmo modelo; uma sozinha recebe o id que o banco lhe deu."""
    sql, campos, devolvidos = _insercao(type(linhas[0]), len(linhas))
    valores = [
        campo.get_db_prep_save(getattr(linha, campo.attname), connection)
        for linha in linhas
        for campo in campos
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql, valores)
        if devolvidos:
            for campo, valor in zip(devolvidos, cursor.fetchone(), strict=True):
                setattr(linhas[0], campo.attname, valor)
    for linha in linhas:
        linha._state.adding, linha._state.db = False, connection.alias


def buscar(modelo: type[Linha], **chave: Any) -> Linha | None:
    """A linha que a chave única nomeia, se há uma."""
    return next(iter(listar(modelo, **chave)), None)


def listar(modelo: type[Linha], **onde: Any) -> list[Linha]:
    """As linhas com os valores dados; onde vem uma tupla, com qualquer um dos dela."""
    sql, nomes, conversores = _selecao(modelo, _forma(onde))
    with connection.cursor() as cursor:
        cursor.execute(sql, list(_valores(modelo, onde)))
        linhas = [list(linha) for linha in cursor.fetchall()]
    for linha in linhas:
        for posicao, converter, coluna in conversores:
            linha[posicao] = converter(linha[posicao], coluna, connection)
    return [modelo.from_db(connection.alias, nomes, linha) for linha in linhas]


def atualizar(modelo: type[Model], onde: Mapping[str, Any], **mudancas: Any) -> int:
    """UPDATE das linhas como em `listar`; devolve quantas eram."""
    sql = _atualizacao(modelo, tuple(mudancas), _forma(onde))
    return executar(sql, *_valores(modelo, mudancas), *_valores(modelo, onde))


def executar(sql: str, *valores: Any) -> int:
    """Um comando com `%s` no lugar de cada valor; devolve quantas linhas mudou."""
    with connection.cursor() as cursor:
        cursor.execute(sql, valores)
        return int(cursor.rowcount)


def consultar(sql: str, *valores: Any) -> Any:
    """O primeiro valor que o comando traz, ou None se ele não traz linha nenhuma."""
    with connection.cursor() as cursor:
        cursor.execute(sql, valores)
        linha = cursor.fetchone()
        return linha and linha[0]


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
    compilador = modelo._default_manager.all().query.get_compiler(connection=connection)
    achados = compilador.get_converters([campo.cached_col for campo in campos])
    conversores = [(i, cada, coluna) for i, (todos, coluna) in achados.items() for cada in todos]
    sql = f"SELECT {_colunas(campos)} FROM {_tabela(modelo)} WHERE {_condicao(modelo, forma)}"  # noqa: S608
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


def _valores(modelo: type[Model], dados: Mapping[str, Any]) -> Iterator[Any]:
    for nome, valor in dados.items():
        campo = _campo(modelo, nome)
        for cada in valor if isinstance(valor, tuple) else (valor,):
            yield campo.get_db_prep_save(cada, connection)


def _campo(modelo: type[Model], nome: str) -> Field[Any, Any]:
    return cast("Field[Any, Any]", modelo._meta.get_field(nome))


def _tabela(modelo: type[Model]) -> str:
    return connection.ops.quote_name(modelo._meta.db_table)


def _coluna(campo: Field[Any, Any]) -> str:
    return connection.ops.quote_name(str(campo.column))


def _colunas(campos: _Campos) -> str:
    return ", ".join(_coluna(campo) for campo in campos)
