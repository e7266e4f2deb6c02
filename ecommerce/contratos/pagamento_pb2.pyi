import datetime

from ecommerce.contratos import cadeia_pb2 as _cadeia_pb2
from ecommerce.contratos import estoque_pb2 as _estoque_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class PagamentoRequest(_message.Message):
    __slots__ = ("pedido_id", "cliente", "metodo", "token_cartao", "valor_total_centavos", "itens")
    PEDIDO_ID_FIELD_NUMBER: _ClassVar[int]
    CLIENTE_FIELD_NUMBER: _ClassVar[int]
    METODO_FIELD_NUMBER: _ClassVar[int]
    TOKEN_CARTAO_FIELD_NUMBER: _ClassVar[int]
    VALOR_TOTAL_CENTAVOS_FIELD_NUMBER: _ClassVar[int]
    ITENS_FIELD_NUMBER: _ClassVar[int]
    pedido_id: int
    cliente: _cadeia_pb2.Cliente
    metodo: str
    token_cartao: str
    valor_total_centavos: int
    itens: _containers.RepeatedCompositeFieldContainer[_cadeia_pb2.Item]
    def __init__(self, pedido_id: _Optional[int] = ..., cliente: _Optional[_Union[_cadeia_pb2.Cliente, _Mapping]] = ..., metodo: _Optional[str] = ..., token_cartao: _Optional[str] = ..., valor_total_centavos: _Optional[int] = ..., itens: _Optional[_Iterable[_Union[_cadeia_pb2.Item, _Mapping]]] = ...) -> None: ...

class PagamentoResponse(_message.Message):
    __slots__ = ("pedido_id", "sucesso", "mensagem", "status", "metodo", "valor_centavos", "data_processamento", "separacao")
    PEDIDO_ID_FIELD_NUMBER: _ClassVar[int]
    SUCESSO_FIELD_NUMBER: _ClassVar[int]
    MENSAGEM_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    METODO_FIELD_NUMBER: _ClassVar[int]
    VALOR_CENTAVOS_FIELD_NUMBER: _ClassVar[int]
    DATA_PROCESSAMENTO_FIELD_NUMBER: _ClassVar[int]
    SEPARACAO_FIELD_NUMBER: _ClassVar[int]
    pedido_id: int
    sucesso: bool
    mensagem: str
    status: str
    metodo: str
    valor_centavos: int
    data_processamento: _timestamp_pb2.Timestamp
    separacao: _estoque_pb2.SeparacaoResponse
    def __init__(self, pedido_id: _Optional[int] = ..., sucesso: _Optional[bool] = ..., mensagem: _Optional[str] = ..., status: _Optional[str] = ..., metodo: _Optional[str] = ..., valor_centavos: _Optional[int] = ..., data_processamento: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., separacao: _Optional[_Union[_estoque_pb2.SeparacaoResponse, _Mapping]] = ...) -> None: ...
