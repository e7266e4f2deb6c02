"""A demonstração: um pedido por transporte, feito de fora e seguido por dentro."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any

import grpc
import requests
from rich.console import Console
from rich.table import Table

from ecommerce.ambiente import CHAVE_INTERNA, CHAVE_LOJA, PRODUCAO
from ecommerce.contratos import pedido_pb2, pedido_pb2_grpc
from ecommerce.servicos import LISTAS, SERVICOS
from ecommerce.transporte.grpc.canal import abrir_canal
from ecommerce.transporte.rest.http.sessao import abrir_sessao

ESPERA_S = 30
# a tela que mostra o que cada serviço guardou do pedido
# sem terminal o rich supõe 80 colunas, e a tabela dos passos pede mais
_saida = Console(highlight=False, width=None if sys.stdout.isatty() else 120)


class DemonstracaoFalhou(Exception):
    """O pedido da demonstração não chegou a `enviado`."""


@dataclass(frozen=True)
class PassoDado:
    """O que um serviço fez pelo pedido, segundo o registro de operações e o recurso dele."""

    servico: str
    operacao: str
    resultado: str
    duracao_ms: float
    guardado: str


def demonstrar() -> None:
    """Faz o mesmo pedido por REST e por gRPC e mostra, passo a passo, o que cada serviço fez.

    Levanta DemonstracaoFalhou se um dos pedidos não termina `enviado`, ou se isto é produção.
    """
    if PRODUCAO.ler():
        raise DemonstracaoFalhou("com PRODUCAO=1 não se fazem pedidos de demonstração.")
    with abrir_sessao(CHAVE_LOJA.ler()) as loja, abrir_sessao(CHAVE_INTERNA.ler()) as interna:
        try:
            corpo = _escolher(loja)
            numeros = {"REST": _por_rest(loja, corpo), "gRPC": _por_grpc(corpo)}
            pedidos = {por: _ler(interna, "pedidos", f"/pedidos/{n}") for por, n in numeros.items()}
            for por, pedido in pedidos.items():
                if pedido["status"] != "enviado":
                    numero, status = pedido["id"], pedido["status"]
                    raise DemonstracaoFalhou(
                        f"o pedido {numero}, por {por}, ficou {status}, não enviado."
                    )
            _mostrar(pedidos, {por: _passos(interna, n) for por, n in numeros.items()})
        except (requests.RequestException, grpc.RpcError) as erro:
            raise DemonstracaoFalhou(f"a demonstração parou no caminho: {erro}") from erro


def _escolher(loja: requests.Session) -> dict[str, Any]:
    """O corpo do pedido: o primeiro cliente e dois produtos que há."""
    produtos = _ler(loja, "catalogo", "/produtos")
    clientes = _ler(loja, "pedidos", "/clientes")["results"]
    a_venda = [produto for produto in produtos if produto["estoque"] >= 2]
    if not a_venda or not clientes:
        raise DemonstracaoFalhou("não há cliente ou produto com estoque para a demonstração.")
    return {
        "cliente_id": clientes[0]["id"],
        "itens": [{"produto_id": produto["id"], "quantidade": 1} for produto in a_venda[:2]],
        "metodo": "pix",
    }


def _por_rest(loja: requests.Session, corpo: dict[str, Any]) -> int:
    resposta = loja.post(f"{SERVICOS['pedidos'].url_rest}/pedidos", json=corpo, timeout=ESPERA_S)
    if not resposta.ok:
        raise DemonstracaoFalhou(f"o pedido por REST foi recusado: {resposta.text}")
    return int(resposta.json()["id"])


def _por_grpc(corpo: dict[str, Any]) -> int:
    itens = [pedido_pb2.ItemNovo(**item) for item in corpo["itens"]]
    requisicao = pedido_pb2.CriarPedidoRequest(**corpo | {"itens": itens})
    credencial = (("authorization", f"Bearer {CHAVE_LOJA.ler()}"),)
    with abrir_canal(SERVICOS["pedidos"].alvo_grpc) as canal:
        stub = pedido_pb2_grpc.PedidoStub(canal)
        return int(stub.CriarPedido(requisicao, timeout=ESPERA_S, metadata=credencial).id)


def _ler(http: requests.Session, servico: str, caminho: str, **filtros: int) -> Any:
    url = SERVICOS[servico].url_rest + caminho
    resposta = http.get(url, params=filtros, timeout=ESPERA_S)
    resposta.raise_for_status()
    return resposta.json()


def _passos(interna: requests.Session, pedido_id: int) -> list[PassoDado]:
    """As operações do pedido em cada serviço, na ordem do checkout."""
    passos = []
    for servico, lista in LISTAS.items():
        guardado = _resumo(_ler(interna, servico, f"{lista}/{pedido_id}"))
        operacoes = _ler(interna, servico, "/operacoes", pedido_id=pedido_id)["results"]
        for linha in sorted(operacoes, key=lambda operacao: operacao["id"]):
            passos.append(
                PassoDado(
                    servico=servico,
                    operacao=linha["operacao"],
                    resultado=linha["resultado"],
                    duracao_ms=linha["duracao_ms"],
                    guardado=guardado,
                )
            )
    return passos


def _resumo(recurso: dict[str, Any]) -> str:
    """O que vale ver de um recurso: o estado e o que o identifica lá fora."""
    itens = recurso.get("itens") or []
    partes = [
        recurso["status"],
        _em_reais(recurso["valor"]) if "valor" in recurso else "",
        f"nº {recurso['numero']}" if "numero" in recurso else "",
        recurso.get("codigo_rastreamento", ""),
        f"{sum(item['quantidade'] for item in itens)} peças" if itens else "",
    ]
    return " · ".join(filter(None, partes))


def _em_reais(valor: str) -> str:
    return f"R$ {valor.replace('.', ',')}"


def _mostrar(pedidos: dict[str, dict[str, Any]], passos: dict[str, list[PassoDado]]) -> None:
    """As duas viagens lado a lado, passo a passo."""
    for por, pedido in pedidos.items():
        _saida.print(
            f"Pedido {pedido['id']} por {por}: [b]{pedido['status']}[/b],"
            f" {_em_reais(pedido['valor_total'])} no {pedido['metodo']},"
            f" rastreamento {pedido['envio']['codigo_rastreamento']}"
        )
    tabela = Table(title="Passo a passo, por um e por outro", title_justify="left", show_lines=True)
    for coluna in ("serviço", "operação", "resultado", "por", "ms", "o que ficou guardado"):
        tabela.add_column(coluna, justify="right" if coluna == "ms" else "left")
    for linha in zip(*passos.values(), strict=True):
        tabela.add_row(
            linha[0].servico,
            linha[0].operacao,
            linha[0].resultado,
            "\n".join(passos),
            "\n".join(f"{passo.duracao_ms:.1f}".replace(".", ",") for passo in linha),
            "\n".join(passo.guardado for passo in linha),
        )
    _saida.print(tabela)
    _saida.print("Cada tempo conta desde que a chamada chegou ao serviço.")
    for servico in LISTAS:
        _saida.print(f"  {servico}: {SERVICOS[servico].url_publica}/admin/{servico}/")
