import datetime

from ecommerce.contratos import cadeia_pb2 as _cadeia_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ItemNovo(_message.Message):
    __slots__ = ("produto_id", "quantidade")
    PRODUTO_ID_FIELD_NUMBER: _ClassVar[int]
    QUANTIDADE_FIELD_NUMBER: _ClassVar[int]
    produto_id: int
    quantidade: int
    def __init__(self, produto_id: _Optional[int] = ..., quantidade: _Optional[int] = ...) -> None: ...

class CriarPedidoRequest(_message.Message):
    __slots__ = ("cliente_id", "itens", "metodo", "token_cartao")
    CLIENTE_ID_FIELD_NUMBER: _ClassVar[int]
    ITENS_FIELD_NUMBER: _ClassVar[int]
    METODO_FIELD_NUMBER: _ClassVar[int]
    TOKEN_CARTAO_FIELD_NUMBER: _ClassVar[int]
    cliente_id: int
    itens: _containers.RepeatedCompositeFieldContainer[ItemNovo]
    metodo: str
    token_cartao: str
    def __init__(self, cliente_id: _Optional[int] = ..., itens: _Optional[_Iterable[_Union[ItemNovo, _Mapping]]] = ..., metodo: _Optional[str] = ..., token_cartao: _Optional[str] = ...) -> None: ...

class ItemDoPedido(_message.Message):
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

class PagamentoDoPedido(_message.Message):
    __slots__ = ("status",)
    STATUS_FIELD_NUMBER: _ClassVar[int]
    status: str
    def __init__(self, status: _Optional[str] = ...) -> None: ...

class NotaDoPedido(_message.Message):
    __slots__ = ("numero", "chave_acesso")
    NUMERO_FIELD_NUMBER: _ClassVar[int]
    CHAVE_ACESSO_FIELD_NUMBER: _ClassVar[int]
    numero: str
    chave_acesso: str
    def __init__(self, numero: _Optional[str] = ..., chave_acesso: _Optional[str] = ...) -> None: ...

class EnvioDoPedido(_message.Message):
    __slots__ = ("status", "codigo_rastreamento")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    CODIGO_RASTREAMENTO_FIELD_NUMBER: _ClassVar[int]
    status: str
    codigo_rastreamento: str
    def __init__(self, status: _Optional[str] = ..., codigo_rastreamento: _Optional[str] = ...) -> None: ...

class PedidoResponse(_message.Message):
    __slots__ = ("id", "cliente_id", "data_criacao", "status", "motivo", "valor_total_centavos", "metodo", "itens", "pagamento", "nota_fiscal", "envio")
    ID_FIELD_NUMBER: _ClassVar[int]
    CLIENTE_ID_FIELD_NUMBER: _ClassVar[int]
    DATA_CRIACAO_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    MOTIVO_FIELD_NUMBER: _ClassVar[int]
    VALOR_TOTAL_CENTAVOS_FIELD_NUMBER: _ClassVar[int]
    METODO_FIELD_NUMBER: _ClassVar[int]
    ITENS_FIELD_NUMBER: _ClassVar[int]
    PAGAMENTO_FIELD_NUMBER: _ClassVar[int]
    NOTA_FISCAL_FIELD_NUMBER: _ClassVar[int]
    ENVIO_FIELD_NUMBER: _ClassVar[int]
    id: int
    cliente_id: int
    data_criacao: _timestamp_pb2.Timestamp
    status: str
    motivo: str
    valor_total_centavos: int
    metodo: str
    itens: _containers.RepeatedCompositeFieldContainer[ItemDoPedido]
    pagamento: PagamentoDoPedido
    nota_fiscal: NotaDoPedido
    envio: EnvioDoPedido
    def __init__(self, id: _Optional[int] = ..., cliente_id: _Optional[int] = ..., data_criacao: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., status: _Optional[str] = ..., motivo: _Optional[str] = ..., valor_total_centavos: _Optional[int] = ..., metodo: _Optional[str] = ..., itens: _Optional[_Iterable[_Union[ItemDoPedido, _Mapping]]] = ..., pagamento: _Optional[_Union[PagamentoDoPedido, _Mapping]] = ..., nota_fiscal: _Optional[_Union[NotaDoPedido, _Mapping]] = ..., envio: _Optional[_Union[EnvioDoPedido, _Mapping]] = ...) -> None: ...
