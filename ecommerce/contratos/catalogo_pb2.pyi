import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ListarProdutosRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ProdutoInfo(_message.Message):
    __slots__ = ("id", "nome", "estoque", "preco_centavos")
    ID_FIELD_NUMBER: _ClassVar[int]
    NOME_FIELD_NUMBER: _ClassVar[int]
    ESTOQUE_FIELD_NUMBER: _ClassVar[int]
    PRECO_CENTAVOS_FIELD_NUMBER: _ClassVar[int]
    id: int
    nome: str
    estoque: int
    preco_centavos: int
    def __init__(self, id: _Optional[int] = ..., nome: _Optional[str] = ..., estoque: _Optional[int] = ..., preco_centavos: _Optional[int] = ...) -> None: ...

class ListaProdutosResponse(_message.Message):
    __slots__ = ("produtos", "estoque_em")
    PRODUTOS_FIELD_NUMBER: _ClassVar[int]
    ESTOQUE_EM_FIELD_NUMBER: _ClassVar[int]
    produtos: _containers.RepeatedCompositeFieldContainer[ProdutoInfo]
    estoque_em: _timestamp_pb2.Timestamp
    def __init__(self, produtos: _Optional[_Iterable[_Union[ProdutoInfo, _Mapping]]] = ..., estoque_em: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ConsultarPrecosRequest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, id: _Optional[_Iterable[int]] = ...) -> None: ...

class Preco(_message.Message):
    __slots__ = ("id", "nome", "preco_centavos")
    ID_FIELD_NUMBER: _ClassVar[int]
    NOME_FIELD_NUMBER: _ClassVar[int]
    PRECO_CENTAVOS_FIELD_NUMBER: _ClassVar[int]
    id: int
    nome: str
    preco_centavos: int
    def __init__(self, id: _Optional[int] = ..., nome: _Optional[str] = ..., preco_centavos: _Optional[int] = ...) -> None: ...

class ConsultarPrecosResponse(_message.Message):
    __slots__ = ("precos",)
    PRECOS_FIELD_NUMBER: _ClassVar[int]
    precos: _containers.RepeatedCompositeFieldContainer[Preco]
    def __init__(self, precos: _Optional[_Iterable[_Union[Preco, _Mapping]]] = ...) -> None: ...
