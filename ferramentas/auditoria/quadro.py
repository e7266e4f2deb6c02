"""O quadro de um pedido: o que a cadeia e a operadora de pagamentos dizem dele, lado a lado."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import Any

from ecommerce.mensagens import LinhaEnvio, LinhaNota, LinhaPagamento, LinhaSeparacao
from ecommerce.servicos import LISTAS
from ecommerce.transporte.rest.mensagens import (
    envio_de_json,
    nota_de_json,
    pagamento_de_json,
    separacao_de_json,
)
from ferramentas.auditoria.apis import incompreensivel, ler_lista, ler_um
from pagamentos.operadora.dominio import Tipo
from pedidos.dominio import Status

FEITOS = (Status.ENVIADO, Status.ENTREGUE)


@dataclass(frozen=True, slots=True)
class LinhaPedido:
    """Um pedido como o serviço de pedidos o mostra; valores em reais."""

    pedido_id: int
    status: Status
    inacabado_desde: datetime
    valor_total: Decimal
    soma_dos_itens: Decimal
    quantidades: dict[int, int]


@dataclass(frozen=True, slots=True)
class LinhaLancamento:
    """O que a operadora anotou do pedido; valor em reais."""

    pedido_id: int
    tipo: Tipo
    status: str
    valor: Decimal | None


@dataclass(frozen=True, slots=True)
class Quadro:
    """A linha de cada serviço sobre um pedido, e quais deles mostraram mais de uma.

    Da operadora é que se esperam várias.
    """

    pedido_id: int
    pedido: LinhaPedido | None = None
    pagamento: LinhaPagamento | None = None
    separacao: LinhaSeparacao | None = None
    nota: LinhaNota | None = None
    envio: LinhaEnvio | None = None
    lancamentos: tuple[LinhaLancamento, ...] = ()
    repetidos: frozenset[str] = frozenset()


def pedido_de_json(dados: Any) -> LinhaPedido:
    """A linha de um pedido. Levanta KeyError, TypeError ou ValueError se ela não faz sentido."""
    itens = dados["itens"]
    return LinhaPedido(
        pedido_id=dados["id"],
        status=Status(dados["status"]),
        inacabado_desde=datetime.fromisoformat(dados["data_criacao"]),
        valor_total=Decimal(dados["valor_total"]),
        soma_dos_itens=sum(
            (Decimal(i["preco_unitario"]) * i["quantidade"] for i in itens), Decimal(0)
        ),
        quantidades={i["produto_id"]: i["quantidade"] for i in itens},
    )


def lancamento_de_json(dados: Any) -> LinhaLancamento:
    """Uma linha do caderno da operadora. Levanta o mesmo que `pedido_de_json`."""
    valor = dados["valor"]
    return LinhaLancamento(
        pedido_id=dados["pedido_id"],
        tipo=Tipo(dados["tipo"]),
        status=dados["status"],
        valor=None if valor is None else Decimal(valor),
    )


@dataclass(frozen=True, slots=True)
class Recurso:
    """Onde um serviço mostra o que tem de cada pedido, e como isso se lê."""

    servico: str
    caminho: str
    de_json: Callable[[Any], Any]


# na ordem da cadeia; os nomes são os campos do Quadro
RECURSOS = {
    "pedido": Recurso("pedidos", LISTAS["pedidos"], pedido_de_json),
    "pagamento": Recurso("pagamentos", LISTAS["pagamentos"], pagamento_de_json),
    "separacao": Recurso("estoque", LISTAS["estoque"], separacao_de_json),
    "nota": Recurso("fiscal", LISTAS["fiscal"], nota_de_json),
    "envio": Recurso("logistica", LISTAS["logistica"], envio_de_json),
    "lancamentos": Recurso("pagamentos", "/operadora/lancamentos", lancamento_de_json),
}


def ler_quadros(executor: Executor) -> Iterator[Quadro]:
    """Os quadros de todos os pedidos, do maior número ao menor, juntando as listas.

    Todas vêm na mesma ordem: basta andar por elas lado a lado. Levanta Indisponivel.
    """
    listas = (_linhas(nome, recurso, executor) for nome, recurso in RECURSOS.items())
    juntas = merge(*listas, key=itemgetter(0), reverse=True)
    for pedido_id, grupo in groupby(juntas, key=itemgetter(0)):
        linhas = defaultdict(list)
        for _, nome, linha in grupo:
            linhas[nome].append(linha)
        lancamentos = tuple(linhas.pop("lancamentos", ()))
        repetidos = frozenset(nome for nome, varias in linhas.items() if len(varias) > 1)
        uma_de_cada: dict[str, Any] = {nome: varias[-1] for nome, varias in linhas.items()}
        yield Quadro(pedido_id, **uma_de_cada, lancamentos=lancamentos, repetidos=repetidos)


def reler(quadro: Quadro) -> Quadro:
    """O quadro do mesmo pedido lido agora, sem que ele tenha mudado durante a leitura.

    O pedido só anda para a frente, e anda antes de os outros desfazerem: se está igual antes e
    depois de ler os outros, o que eles disseram é de um mesmo momento. Levanta Indisponivel.
    """
    depois = _ler_linha("pedido", quadro.pedido_id)
    while True:
        antes = depois
        linhas = {nome: _ler_linha(nome, quadro.pedido_id) for nome in list(RECURSOS)[1:-1]}
        lancamentos = _ler_lancamentos(quadro.pedido_id)
        depois = _ler_linha("pedido", quadro.pedido_id)
        if antes == depois:
            break
    if depois and depois.status == Status.CANCELANDO:
        depois = replace(depois, inacabado_desde=_cancelando_desde(depois))
    return Quadro(
        *(quadro.pedido_id, depois), **linhas, lancamentos=lancamentos, repetidos=quadro.repetidos
    )


def _cancelando_desde(pedido: LinhaPedido) -> datetime:
    """Quando começou o cancelamento; um pedido antigo pode ter sido cancelado agora mesmo."""
    operacoes = ler_lista("pedidos", "/operacoes", pedido_id=pedido.pedido_id)
    try:
        quando = [o["criado_em"] for o in operacoes if o["resultado"] == Status.CANCELANDO]
        return datetime.fromisoformat(quando[0]) if quando else pedido.inacabado_desde
    except (KeyError, TypeError, ValueError) as erro:
        raise incompreensivel("pedidos", "/operacoes") from erro


def _linhas(nome: str, recurso: Recurso, executor: Executor) -> Iterator[tuple[int, str, Any]]:
    anterior: int | None = None
    for dados in ler_lista(recurso.servico, recurso.caminho, executor):
        linha = _entender(recurso, dados)
        if anterior is not None and linha.pedido_id > anterior:
            raise incompreensivel(recurso.servico, recurso.caminho)
        anterior = linha.pedido_id
        yield linha.pedido_id, nome, linha


def _ler_linha(nome: str, pedido_id: int) -> Any:
    recurso = RECURSOS[nome]
    dados = ler_um(recurso.servico, f"{recurso.caminho}/{pedido_id}")
    return None if dados is None else _entender(recurso, dados)


def _ler_lancamentos(pedido_id: int) -> tuple[LinhaLancamento, ...]:
    recurso = RECURSOS["lancamentos"]
    lista = ler_lista(recurso.servico, recurso.caminho, pedido_id=pedido_id)
    return tuple(_entender(recurso, dados) for dados in lista)


def _entender(recurso: Recurso, dados: Any) -> Any:
    try:
        linha = recurso.de_json(dados)
    except (KeyError, TypeError, ValueError, ArithmeticError) as erro:
        raise incompreensivel(recurso.servico, recurso.caminho) from erro
    if not (isinstance(linha.pedido_id, int) and isinstance(linha.status, str)):
        raise incompreensivel(recurso.servico, recurso.caminho)
    return linha
