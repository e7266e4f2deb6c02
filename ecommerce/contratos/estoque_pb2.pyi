from ecommerce.contratos import cadeia_pb2 as _cadeia_pb2
from ecommerce.contratos import fiscal_pb2 as _fiscal_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ItemSeparado(_message.Message):
    __slots__ = ("produto_id", "quantidade")
    PRODUTO_ID_FIELD_NUMBER: _ClassVar[int]
    QUANTIDADE_FIELD_NUMBER: _ClassVar[int]
    produto_id: int
    quantidade: int
    def __init__(self, produto_id: _Optional[int] = ..., quantidade: _Optional[int] = ...) -> None: ...

class SeparacaoResponse(_message.Message):
    __slots__ = ("pedido_id", "status", "itens", "nota_fiscal")
    PEDIDO_ID_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    ITENS_FIELD_NUMBER: _ClassVar[int]
    NOTA_FISCAL_FIELD_NUMBER: _ClassVar[int]
    pedido_id: int
    status: str
    itens: _containers.RepeatedCompositeFieldContainer[ItemSeparado]
    nota_fiscal: _fiscal_pb2.NotaFiscalResponse
    def __init__(self, pedido_id: _Optional[int] = ..., status: _Optional[str] = ..., itens: _Optional[_Iterable[_Union[ItemSeparado, _Mapping]]] = ..., nota_fiscal: _Optional[_Union[_fiscal_pb2.NotaFiscalResponse, _Mapping]] = ...) -> None: ...

class ConsultarEstoqueRequest(_message.Message):
    __slots__ = ("produto_id",)
    PRODUTO_ID_FIELD_NUMBER: _ClassVar[int]
    produto_id: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, produto_id: _Optional[_Iterable[int]] = ...) -> None: ...

class ConsultarEstoqueResponse(_message.Message):
    __slots__ = ("saldos",)
    SALDOS_FIELD_NUMBER: _ClassVar[int]
    saldos: _containers.RepeatedCompositeFieldContainer[Saldo]
    def __init__(self, saldos: _Optional[_Iterable[_Union[Saldo, _Mapping]]] = ...) -> None: ...

class RegistrarEntradaRequest(_message.Message):
    __slots__ = ("produto_id", "quantidade")
    PRODUTO_ID_FIELD_NUMBER: _ClassVar[int]
    QUANTIDADE_FIELD_NUMBER: _ClassVar[int]
    produto_id: int
    quantidade: int
    def __init__(self, produto_id: _Optional[int] = ..., quantidade: _Optional[int] = ...) -> None: ...

class Saldo(_message.Message):
    __slots__ = ("produto_id", "disponivel", "separado", "entradas")
    PRODUTO_ID_FIELD_NUMBER: _ClassVar[int]
    DISPONIVEL_FIELD_NUMBER: _ClassVar[int]
    SEPARADO_FIELD_NUMBER: _ClassVar[int]
    ENTRADAS_FIELD_NUMBER: _ClassVar[int]
    produto_id: int
    disponivel: int
    separado: int
    entradas: int
    def __init__(self, produto_id: _Optional[int] = ..., disponivel: _Optional[int] = ..., separado: _Optional[int] = ..., entradas: _Optional[int] = ...) -> None: ...
