import datetime

from ecommerce.contratos import cadeia_pb2 as _cadeia_pb2
from ecommerce.contratos import logistica_pb2 as _logistica_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

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
