import datetime

from ecommerce.contratos import cadeia_pb2 as _cadeia_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class EnvioResponse(_message.Message):
    __slots__ = ("pedido_id", "codigo_rastreamento", "status", "data_despacho")
    PEDIDO_ID_FIELD_NUMBER: _ClassVar[int]
    CODIGO_RASTREAMENTO_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    DATA_DESPACHO_FIELD_NUMBER: _ClassVar[int]
    pedido_id: int
    codigo_rastreamento: str
    status: str
    data_despacho: _timestamp_pb2.Timestamp
    def __init__(self, pedido_id: _Optional[int] = ..., codigo_rastreamento: _Optional[str] = ..., status: _Optional[str] = ..., data_despacho: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
