from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class PedidoIdRequest(_message.Message):
    __slots__ = ("pedido_id",)
    PEDIDO_ID_FIELD_NUMBER: _ClassVar[int]
    pedido_id: int
    def __init__(self, pedido_id: _Optional[int] = ...) -> None: ...

class DesfazerRequest(_message.Message):
    __slots__ = ("pedido_id", "impressao")
    PEDIDO_ID_FIELD_NUMBER: _ClassVar[int]
    IMPRESSAO_FIELD_NUMBER: _ClassVar[int]
    pedido_id: int
    impressao: str
    def __init__(self, pedido_id: _Optional[int] = ..., impressao: _Optional[str] = ...) -> None: ...

class Cliente(_message.Message):
    __slots__ = ("id", "nome", "email")
    ID_FIELD_NUMBER: _ClassVar[int]
    NOME_FIELD_NUMBER: _ClassVar[int]
    EMAIL_FIELD_NUMBER: _ClassVar[int]
    id: int
    nome: str
    email: str
    def __init__(self, id: _Optional[int] = ..., nome: _Optional[str] = ..., email: _Optional[str] = ...) -> None: ...

class Item(_message.Message):
    __slots__ = ("produto_id", "nome", "quantidade", "preco_unitario_centavos")
    PRODUTO_ID_FIELD_NUMBER: _ClassVar[int]
    NOME_FIELD_NUMBER: _ClassVar[int]
    QUANTIDADE_FIELD_NUMBER: _ClassVar[int]
    PRECO_UNITARIO_CENTAVOS_FIELD_NUMBER: _ClassVar[int]
    produto_id: int
    nome: str
    quantidade: int
    preco_unitario_centavos: int
    def __init__(self, produto_id: _Optional[int] = ..., nome: _Optional[str] = ..., quantidade: _Optional[int] = ..., preco_unitario_centavos: _Optional[int] = ...) -> None: ...

class Ordem(_message.Message):
    __slots__ = ("pedido_id", "cliente", "metodo", "token_cartao", "valor_total_centavos", "itens")
    PEDIDO_ID_FIELD_NUMBER: _ClassVar[int]
    CLIENTE_FIELD_NUMBER: _ClassVar[int]
    METODO_FIELD_NUMBER: _ClassVar[int]
    TOKEN_CARTAO_FIELD_NUMBER: _ClassVar[int]
    VALOR_TOTAL_CENTAVOS_FIELD_NUMBER: _ClassVar[int]
    ITENS_FIELD_NUMBER: _ClassVar[int]
    pedido_id: int
    cliente: Cliente
    metodo: str
    token_cartao: str
    valor_total_centavos: int
    itens: _containers.RepeatedCompositeFieldContainer[Item]
    def __init__(self, pedido_id: _Optional[int] = ..., cliente: _Optional[_Union[Cliente, _Mapping]] = ..., metodo: _Optional[str] = ..., token_cartao: _Optional[str] = ..., valor_total_centavos: _Optional[int] = ..., itens: _Optional[_Iterable[_Union[Item, _Mapping]]] = ...) -> None: ...
