"""Os passos de cada pedido importado: o que aconteceu, em que ordem, e em que status ficou."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from functools import partial
from operator import attrgetter
from typing import cast

from ecommerce.mensagens import (
    METODOS,
    Cliente,
    Item,
    ItemSeparado,
    LinhaEnvio,
    LinhaNota,
    LinhaPagamento,
    LinhaSeparacao,
    Ordem,
)
from ferramentas.dados_de_exemplo.historia import Historia, Marca
from ferramentas.importacao import leitura
from ferramentas.importacao.leitura import LinhaLida, LinhaRecusada
from ferramentas.importacao.ocorrencias import Ocorrencias
from fiscal.dominio import SERIE, chave_de_acesso, codigo_aceito, sortear_codigo
from logistica.dominio import Status as StatusDoEnvio
from logistica.dominio import codigo_rastreamento, digito_s10
from pagamentos.dominio import Status as StatusDoPagamento

PAGAMENTOS = (*map(str, StatusDoPagamento), "pendente")
ENVIOS = tuple(map(str, StatusDoEnvio))
METODO_SUPOSTO = "pix"
S10 = re.compile(r"[A-Z]{2}([0-9]{8})([0-9])BR")


@dataclass
class PedidoLido:
    """Um pedido aproveitável, os seus itens por produto e a linha dele em cada outra tabela."""

    linha: LinhaLida
    cliente: Cliente
    criado_em: datetime
    itens: dict[int, Item] = field(default_factory=dict)
    passos: dict[str, LinhaLida] = field(default_factory=dict)

    @property
    def total(self) -> Decimal:
        return sum((i.preco_unitario * i.quantidade for i in self.itens.values()), Decimal(0))


def historias(pedidos: list[PedidoLido], ocorrencias: Ocorrencias) -> list[Historia]:
    """A história de cada pedido, com notas numeradas na ordem de emissão e códigos únicos."""
    lidas = [_historia(pedido, ocorrencias) for pedido in pedidos]
    por_id = {pedido.linha["id"]: pedido for pedido in pedidos}
    notas = _numerar([h.nota for h in lidas if h.nota], por_id, ocorrencias)
    envios = _rastrear([h.envio for h in lidas if h.envio], por_id, ocorrencias)
    return [
        replace(h, nota=notas.get(h.ordem.pedido_id), envio=envios.get(h.ordem.pedido_id))
        for h in lidas
    ]


def _historia(pedido: PedidoLido, ocorrencias: Ocorrencias) -> Historia:
    """O que aconteceu ao pedido; os códigos da nota e do envio ficam para depois."""
    pagamento, metodo = _pagamento(pedido, ocorrencias)
    ordem = _ordem(pedido, metodo, ocorrencias)
    cancelado = pedido.linha["status"] in ("cancelando", "cancelado") or (
        pagamento is not None and pagamento.status != "aprovado"
    )
    nota = _nota(pedido, pagamento, cancelado, ocorrencias)
    envio = _envio(pedido, nota, cancelado, ocorrencias)
    motivo = _motivo(pagamento, nota) if cancelado else None
    if cancelado and pagamento and pagamento.status == "aprovado":
        ocorrencias.anotar(pedido.passos["pagamentos"], "cancelado_sem_estorno")
        pagamento = replace(pagamento, status="estornado")
    status = "cancelado" if cancelado else _status(pagamento, nota, envio)
    if status != pedido.linha["status"]:
        ocorrencias.anotar(pedido.linha, "status_derivado")
    return Historia(
        *(ordem, Marca(secrets.token_hex(16)), pedido.criado_em, status, motivo),
        pagamento=pagamento and replace(pagamento, valor=ordem.valor_total),
        separacao=_separacao(ordem, nota, motivo),
        separado_em=pagamento.data_processamento if pagamento else None,
        nota=nota and replace(nota, valor=ordem.valor_total),
        envio=envio,
        encerrado_em=_encerrado_em(pedido, pagamento, nota, envio, status),
    )


def _pagamento(pedido: PedidoLido, ocorrencias: Ocorrencias) -> tuple[LinhaPagamento | None, str]:
    """A decisão sobre o pagamento, se houve uma, e o método com que o pedido segue."""
    linha = pedido.passos.get("pagamentos")
    if linha:
        with ocorrencias.anotando(linha):
            status = leitura.um_de(linha["status"], PAGAMENTOS, "status_desconhecido")
            metodo = leitura.um_de(linha["metodo"], METODOS, "metodo_desconhecido")
            if status == "pendente":
                ocorrencias.anotar(linha, "pagamento_pendente")
                return None, metodo
            quando = _data(linha, "data_processamento", pedido.criado_em, ocorrencias)
            return LinhaPagamento(pedido.linha["id"], status, metodo, None, quando), metodo
    ocorrencias.anotar(pedido.linha, "metodo_suposto")
    return None, METODO_SUPOSTO


def _ordem(pedido: PedidoLido, metodo: str, ocorrencias: Ocorrencias) -> Ordem:
    itens, total = tuple(pedido.itens.values()), pedido.total
    if pedido.linha["valor_total"] != float(total):
        ocorrencias.anotar(pedido.linha, "total_recalculado")
    return Ordem(pedido.linha["id"], pedido.cliente, metodo, None, total, itens)


def _nota(
    pedido: PedidoLido, pagamento: LinhaPagamento | None, cancelado: bool, ocorrencias: Ocorrencias
) -> LinhaNota | None:
    linha = pedido.passos.get("notas_fiscais")
    if linha is None:
        return None
    if pagamento is None or pagamento.status == "rejeitado":
        ocorrencias.anotar(linha, "nota_sem_pagamento")
        return None
    minimo = pagamento.data_processamento or pedido.criado_em
    emissao = _data(linha, "data_emissao", minimo, ocorrencias)
    status = "cancelada" if cancelado else "emitida"
    return LinhaNota(linha["pedido_id"], None, SERIE, None, None, status, emissao)


def _envio(
    pedido: PedidoLido, nota: LinhaNota | None, cancelado: bool, ocorrencias: Ocorrencias
) -> LinhaEnvio | None:
    linha = pedido.passos.get("envios")
    if linha is None:
        return None
    with ocorrencias.anotando(linha):
        if nota is None or linha["nota_fiscal_id"] != pedido.passos["notas_fiscais"]["id"]:
            raise LinhaRecusada("envio_sem_nota")
        status = leitura.um_de(linha["status"], ENVIOS, "status_desconhecido")
        if status == "cancelado" and not cancelado:
            raise LinhaRecusada("envio_cancelado")
        if cancelado and status != "cancelado":
            ocorrencias.anotar(linha, "envio_de_cancelado")
            status = "cancelado"
        minimo = nota.data_emissao or pedido.criado_em
        despacho = _data(linha, "data_despacho", minimo, ocorrencias)
        return LinhaEnvio(linha["pedido_id"], None, status, despacho)
    return None


def _data(linha: LinhaLida, coluna: str, minimo: datetime, ocorrencias: Ocorrencias) -> datetime:
    """A data do passo, que não pode vir antes da do anterior."""
    try:
        lida = leitura.instante(linha[coluna])
    except LinhaRecusada:
        lida = None
    if lida is None or lida < minimo:
        ocorrencias.anotar(linha, "data_refeita")
        return minimo
    return lida


def _motivo(pagamento: LinhaPagamento | None, nota: LinhaNota | None) -> str:
    """Por que o pedido foi cancelado: o arquivo não diz, mas as linhas dele sim."""
    if pagamento and pagamento.status == "rejeitado":
        return "pagamento_rejeitado"
    if pagamento and pagamento.status == "estornado" and nota is None:
        return "sem_estoque"
    return "cancelado_a_pedido"


def _status(
    pagamento: LinhaPagamento | None, nota: LinhaNota | None, envio: LinhaEnvio | None
) -> str:
    """Até onde chegou um pedido que não foi cancelado."""
    if envio:
        return "entregue" if envio.status == "entregue" else "enviado"
    if nota:
        return "nf_emitida"
    return "pagamento_aprovado" if pagamento else "pendente"


def _separacao(ordem: Ordem, nota: LinhaNota | None, motivo: str | None) -> LinhaSeparacao | None:
    """Só se emite nota do que foi separado; e a falta de estoque é uma separação recusada."""
    if nota:
        status = "liberado" if nota.status == "cancelada" else "separado"
    elif motivo == "sem_estoque":
        status = "recusado"
    else:
        return None
    itens = tuple(ItemSeparado(item.produto_id, item.quantidade) for item in ordem.itens)
    return LinhaSeparacao(ordem.pedido_id, status, itens)


def _encerrado_em(
    pedido: PedidoLido,
    pagamento: LinhaPagamento | None,
    nota: LinhaNota | None,
    envio: LinhaEnvio | None,
    status: str,
) -> datetime | None:
    """A última data que o arquivo conhece: a da entrega ou do cancelamento ele não guarda."""
    if status not in ("entregue", "cancelado"):
        return None
    return (
        (envio and envio.data_despacho)
        or (nota and nota.data_emissao)
        or (pagamento and pagamento.data_processamento)
        or pedido.criado_em
    )


def _numerar(
    notas: list[LinhaNota], pedidos: dict[int, PedidoLido], ocorrencias: Ocorrencias
) -> dict[int, LinhaNota]:
    """Números sem buracos na ordem de emissão; a chave, que leva o número, tem de concordar."""
    numeradas = {}
    por_emissao = sorted(notas, key=attrgetter("data_emissao", "pedido_id"))
    for numero, nota in enumerate(por_emissao, start=1):
        linha = pedidos[nota.pedido_id].passos["notas_fiscais"]
        if linha["numero"] != str(numero):
            ocorrencias.anotar(linha, "numero_refeito")
        chave = _chave(linha["chave_acesso"], numero, cast(datetime, nota.data_emissao))
        if chave != linha["chave_acesso"]:
            ocorrencias.anotar(linha, "chave_refeita")
        numeradas[nota.pedido_id] = replace(nota, numero=str(numero), chave_acesso=chave)
    return numeradas


def _chave(lida: object, numero: int, emitida_em: datetime) -> str:
    """A chave lida, se é a que esta nota teria com o `cNF` dela; senão uma nova."""
    com = partial(chave_de_acesso, serie=SERIE, numero=numero, emitida_em=emitida_em)
    if isinstance(lida, str) and re.fullmatch(r"[0-9]{44}", lida):
        codigo = codigo_aceito(int(lida[35:43]), numero)
        if lida == com(codigo=codigo):
            return lida
    return com(codigo=sortear_codigo(numero))


def _rastrear(
    envios: list[LinhaEnvio], pedidos: dict[int, PedidoLido], ocorrencias: Ocorrencias
) -> dict[int, LinhaEnvio]:
    """Cada envio com um código S10 só seu: o do arquivo, se serve, ou o do pedido."""
    proprios = {envio.pedido_id: codigo_rastreamento(envio.pedido_id) for envio in envios}
    usados = set(proprios.values())
    rastreados = {}
    for envio in envios:
        linha = pedidos[envio.pedido_id].passos["envios"]
        lido, codigo = linha["codigo_rastreamento"], proprios[envio.pedido_id]
        if lido != codigo and _e_s10(lido) and lido not in usados:
            usados.add(lido)
            codigo = lido
        if lido != codigo:
            ocorrencias.anotar(linha, "rastreio_refeito")
        rastreados[envio.pedido_id] = replace(envio, codigo_rastreamento=codigo)
    return rastreados


def _e_s10(codigo: object) -> bool:
    achado = S10.fullmatch(codigo) if isinstance(codigo, str) else None
    return bool(achado and digito_s10(achado[1]) == int(achado[2]))
