"""As invariantes que se conferem num pedido de cada vez.

Cada regra devolve os motivos por que o pedido a viola, vazio se não viola, ou None se ela não diz
nada dele.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

from ecommerce.mensagens import LinhaPagamento
from estoque.dominio import Status as StatusDaSeparacao
from ferramentas.auditoria.quadro import FEITOS, Quadro
from fiscal.dominio import Status as StatusDaNota
from logistica.dominio import Status as StatusDoEnvio
from pagamentos.dominio import Status as StatusDoPagamento
from pagamentos.operadora.dominio import Status as StatusDoLancamento
from pagamentos.operadora.dominio import Tipo
from pedidos.dominio import INACABADOS, Status

Motivos = list[str] | None
Regra = Callable[[Quadro], Motivos]

_NOMES = {
    "pedido": "pedido",
    "pagamento": "pagamento aprovado",
    "separacao": "separação em vigor",
    "nota": "nota emitida",
    "envio": "envio em pé",
}
# quantas vezes (cobrado, estornado) a operadora diz, conforme o que há em pagamentos
_VEZES = {
    "aprovado": {(1, 0)},
    "rejeitado": {(0, 0)},
    "estornado": {(1, 1)},
    "lápide": {(0, 0), (1, 1)},
    "sem pagamento": {(0, 0)},
}
# ela anota antes de pagamentos: com o pedido a caminho, pode estar um passo à frente
_VEZES_A_CAMINHO = {"aprovado": {(1, 1)}, "sem pagamento": {(1, 0), (1, 1)}}


def regras(limite_s: int, agora: datetime) -> dict[str, Regra]:
    """As regras de I2, I3, I4, I6 (inacabado há mais de `limite_s`), I7 e I10."""
    por_pedido = {"I2": dinheiro, "I3": completo, "I4": nada_vive, "I7": total, "I10": operadora}
    return por_pedido | {"I6": _terminado(agora - timedelta(seconds=limite_s))}


def dinheiro(quadro: Quadro) -> Motivos:
    """I2: no máximo um pagamento; aprovado o total se o pedido vive, zero se não vive."""
    motivos = ["mais de um pagamento"] if "pagamento" in quadro.repetidos else []
    pedido, aprovado = quadro.pedido, _aprovado(quadro)
    if pedido is None:
        return [*motivos, "dinheiro de um pedido desconhecido"] if aprovado else motivos or None
    if pedido.status in FEITOS and aprovado != pedido.valor_total:
        motivos.append(f"{pedido.status} sem o total aprovado")
    if pedido.status == Status.CANCELADO and aprovado:
        motivos.append("cancelado com dinheiro por devolver")
    return motivos


def completo(quadro: Quadro) -> Motivos:
    """I3: enviado ou entregue se, e só se, há um de cada: pagamento, separação, nota, envio."""
    pedido, vivos = quadro.pedido, _vivos(quadro)
    motivos = [f"mais de uma linha: {nome}" for nome in sorted(quadro.repetidos - {"pagamento"})]
    if pedido is None or pedido.status in INACABADOS:
        return motivos or None
    if pedido.status not in FEITOS:
        return [*motivos, f"{pedido.status} com tudo feito"] if len(vivos) == 4 else motivos
    motivos += [
        f"{pedido.status} sem {_NOMES[nome]}"
        for nome in ("pagamento", "separacao", "nota", "envio")
        if nome not in vivos
    ]
    if "separacao" in vivos and _separados(quadro) != pedido.quantidades:
        motivos.append("a separação não é dos itens do pedido")
    return motivos


def nada_vive(quadro: Quadro) -> Motivos:
    """I4: nada vive num pedido cancelado, nem num que o serviço de pedidos não conhece."""
    if quadro.pedido and quadro.pedido.status != Status.CANCELADO:
        return None
    situacao = "cancelado" if quadro.pedido else "desconhecido"
    return [f"{situacao} com {_NOMES[nome]}" for nome in _vivos(quadro)]


def total(quadro: Quadro) -> Motivos:
    """I7: o total é a soma de preço × quantidade, e o pagamento e a nota dizem o mesmo."""
    if quadro.pedido is None:
        return None
    certo = quadro.pedido.valor_total
    motivos = [] if quadro.pedido.soma_dos_itens == certo else ["o total não é a soma dos itens"]
    if quadro.pagamento and quadro.pagamento.valor not in (None, certo):
        motivos.append("o pagamento diz outro total")
    if quadro.nota and quadro.nota.valor not in (None, certo):
        motivos.append("a nota diz outro total")
    return motivos


def operadora(quadro: Quadro) -> Motivos:
    """I10: a operadora cobrou cada pagamento aprovado, estornou o estornado, e nada mais."""
    pagamento = quadro.pagamento
    if pagamento is None and not quadro.lancamentos:
        return None
    cobrado, estornado = (_aprovados(quadro, tipo) for tipo in Tipo)
    situacao = _situacao(pagamento)
    previstas = _VEZES[situacao]
    if quadro.pedido and quadro.pedido.status in INACABADOS:
        previstas = previstas | _VEZES_A_CAMINHO.get(situacao, set())
    motivos = []
    if (len(cobrado), len(estornado)) not in previstas:
        motivos.append(f"{situacao}, mas cobrado {len(cobrado)}× e estornado {len(estornado)}×")
    valores = {*cobrado, *estornado} | ({pagamento.valor} if pagamento else set())
    if len(valores - {None}) > 1:
        motivos.append("a operadora diz outro valor")
    return motivos


def _terminado(limite: datetime) -> Regra:
    def terminado(quadro: Quadro) -> Motivos:
        """I6: nenhum pedido está inacabado desde antes do limite."""
        if quadro.pedido is None or quadro.pedido.status not in INACABADOS:
            return None
        demorou = quadro.pedido.inacabado_desde < limite
        return [f"ainda {quadro.pedido.status}"] if demorou else []

    return terminado


def _aprovado(quadro: Quadro) -> Decimal:
    """Reais aprovados e não devolvidos."""
    pagamento = quadro.pagamento
    if pagamento and pagamento.status == StatusDoPagamento.APROVADO and pagamento.valor is not None:
        return pagamento.valor
    return Decimal(0)


def _aprovados(quadro: Quadro, tipo: Tipo) -> list[Decimal | None]:
    """Os valores que a operadora diz ter cobrado, ou estornado."""
    aprovado = (tipo, StatusDoLancamento.APROVADO)
    return [linha.valor for linha in quadro.lancamentos if (linha.tipo, linha.status) == aprovado]


def _situacao(pagamento: LinhaPagamento | None) -> str:
    if pagamento is None:
        return "sem pagamento"
    lapide = pagamento.status == StatusDoPagamento.ESTORNADO and pagamento.valor is None
    return "lápide" if lapide else pagamento.status


def _vivos(quadro: Quadro) -> list[str]:
    vivos = {
        "pagamento": quadro.pagamento and quadro.pagamento.status == StatusDoPagamento.APROVADO,
        "separacao": quadro.separacao and quadro.separacao.status == StatusDaSeparacao.SEPARADO,
        "nota": quadro.nota and quadro.nota.status == StatusDaNota.EMITIDA,
        "envio": quadro.envio and quadro.envio.status != StatusDoEnvio.CANCELADO,
    }
    return [nome for nome, vive in vivos.items() if vive]


def _separados(quadro: Quadro) -> dict[int, int]:
    itens = quadro.separacao.itens if quadro.separacao else ()
    return {item.produto_id: item.quantidade for item in itens}
