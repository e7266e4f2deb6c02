from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Item(_message.Message):
    __slots__ = ("produto_id", "quantidade")
    PRODUTO_ID_FIELD_NUMBER: _ClassVar[int]
    QUANTIDADE_FIELD_NUMBER: _ClassVar[int]
    produto_id: int
    quantidade: int
    def __init__(self, produto_id: _Optional[int] = ..., quantidade: _Optional[int] = ...) -> None: ...

class PedidoRequest(_message.Message):
    __slots__ = ("cliente_id", "itens", "metodo")
    CLIENTE_ID_FIELD_NUMBER: _ClassVar[int]
    ITENS_FIELD_NUMBER: _ClassVar[int]
    METODO_FIELD_NUMBER: _ClassVar[int]
    cliente_id: int
    itens: _containers.RepeatedCompositeFieldContainer[Item]
    metodo: str
    def __init__(self, cliente_id: _Optional[int] = ..., itens: _Optional[_Iterable[_Union[Item, _Mapping]]] = ..., metodo: _Optional[str] = ...) -> None: ...

class PedidoResponse(_message.Message):
    __slots__ = ("id", "status", "valor_total")
    ID_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    VALOR_TOTAL_FIELD_NUMBER: _ClassVar[int]
    id: int
    status: str
    valor_total: float
    def __init__(self, id: _Optional[int] = ..., status: _Optional[str] = ..., valor_total: _Optional[float] = ...) -> None: ...

class PagamentoRequest(_message.Message):
    __slots__ = ("pedido_id", "valor", "metodo", "itens")
    PEDIDO_ID_FIELD_NUMBER: _ClassVar[int]
    VALOR_FIELD_NUMBER: _ClassVar[int]
    METODO_FIELD_NUMBER: _ClassVar[int]
    ITENS_FIELD_NUMBER: _ClassVar[int]
    pedido_id: int
    valor: float
    metodo: str
    itens: _containers.RepeatedCompositeFieldContainer[Item]
    def __init__(self, pedido_id: _Optional[int] = ..., valor: _Optional[float] = ..., metodo: _Optional[str] = ..., itens: _Optional[_Iterable[_Union[Item, _Mapping]]] = ...) -> None: ...

class EstoqueRequest(_message.Message):
    __slots__ = ("pedido_id", "itens")
    PEDIDO_ID_FIELD_NUMBER: _ClassVar[int]
    ITENS_FIELD_NUMBER: _ClassVar[int]
    pedido_id: int
    itens: _containers.RepeatedCompositeFieldContainer[Item]
    def __init__(self, pedido_id: _Optional[int] = ..., itens: _Optional[_Iterable[_Union[Item, _Mapping]]] = ...) -> None: ...

class NotaRequest(_message.Message):
    __slots__ = ("pedido_id",)
    PEDIDO_ID_FIELD_NUMBER: _ClassVar[int]
    pedido_id: int
    def __init__(self, pedido_id: _Optional[int] = ...) -> None: ...

class EnvioRequest(_message.Message):
    __slots__ = ("pedido_id", "nota_fiscal_id")
    PEDIDO_ID_FIELD_NUMBER: _ClassVar[int]
    NOTA_FISCAL_ID_FIELD_NUMBER: _ClassVar[int]
    pedido_id: int
    nota_fiscal_id: int
    def __init__(self, pedido_id: _Optional[int] = ..., nota_fiscal_id: _Optional[int] = ...) -> None: ...

class PassoResponse(_message.Message):
    __slots__ = ("pedido_id", "sucesso", "mensagem")
    PEDIDO_ID_FIELD_NUMBER: _ClassVar[int]
    SUCESSO_FIELD_NUMBER: _ClassVar[int]
    MENSAGEM_FIELD_NUMBER: _ClassVar[int]
    pedido_id: int
    sucesso: bool
    mensagem: str
    def __init__(self, pedido_id: _Optional[int] = ..., sucesso: _Optional[bool] = ..., mensagem: _Optional[str] = ...) -> None: ...
