import datetime

from ecommerce.contratos import logistica_pb2 as _logistica_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class EmitirNotaFiscalRequest(_message.Message):
    __slots__ = ("pedido_id", "cliente", "metodo", "token_cartao", "valor_total_centavos", "itens")
    PEDIDO_ID_FIELD_NUMBER: _ClassVar[int]
    CLIENTE_FIELD_NUMBER: _ClassVar[int]
    METODO_FIELD_NUMBER: _ClassVar[int]
    TOKEN_CARTAO_FIELD_NUMBER: _ClassVar[int]
    VALOR_TOTAL_CENTAVOS_FIELD_NUMBER: _ClassVar[int]
    ITENS_FIELD_NUMBER: _ClassVar[int]
    pedido_id: int
    cliente: _logistica_pb2.Cliente
    metodo: str
    token_cartao: str
    valor_total_centavos: int
    itens: _containers.RepeatedCompositeFieldContainer[_logistica_pb2.Item]
    def __init__(self, pedido_id: _Optional[int] = ..., cliente: _Optional[_Union[_logistica_pb2.Cliente, _Mapping]] = ..., metodo: _Optional[str] = ..., token_cartao: _Optional[str] = ..., valor_total_centavos: _Optional[int] = ..., itens: _Optional[_Iterable[_Union[_logistica_pb2.Item, _Mapping]]] = ...) -> None: ...

class NotaFiscalResponse(_message.Message):
    __slots__ = ("pedido_id", "numero", "serie", "chave_acesso", "valor_centavos", "status", "data_emissao", "envio")
    PEDIDO_ID_FIELD_NUMBER: _ClassVar[int]
    NUMERO_FIELD_NUMBER: _ClassVar[int]
    SERIE_FIELD_NUMBER: _ClassVar[int]
    CHAVE_ACESSO_FIELD_NUMBER: _ClassVar[int]
    VALOR_CENTAVOS_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    DATA_EMISSAO_FIELD_NUMBER: _ClassVar[int]
    ENVIO_FIELD_NUMBER: _ClassVar[int]
    pedido_id: int
    numero: str
    serie: int
    chave_acesso: str
    valor_centavos: int
    status: str
    data_emissao: _timestamp_pb2.Timestamp
    envio: _logistica_pb2.EnvioResponse
    def __init__(self, pedido_id: _Optional[int] = ..., numero: _Optional[str] = ..., serie: _Optional[int] = ..., chave_acesso: _Optional[str] = ..., valor_centavos: _Optional[int] = ..., status: _Optional[str] = ..., data_emissao: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., envio: _Optional[_Union[_logistica_pb2.EnvioResponse, _Mapping]] = ...) -> None: ...
