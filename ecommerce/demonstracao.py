"""O pedido da `./iniciar.sh --demo`: feito de fora, com a chave da loja, e seguido por dentro."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import Any

import requests
from rich.console import Console
from rich.table import Table

from ecommerce.servicos import SERVICOS

ESPERA_S = 30
# a tela que mostra o que cada serviço guardou do pedido
RECURSOS = {
    "pedidos": "/pedidos/{id}",
    "pagamentos": "/pagamentos/{id}",
    "estoque": "/separacoes/{id}",
    "fiscal": "/notas/{id}",
    "logistica": "/envios/{id}",
}
# sem terminal o rich supõe 80 colunas, e a tabela dos passos pede mais
_saida = Console(highlight=False, width=None if sys.stdout.isatty() else 120)


class DemonstracaoFalhou(Exception):
    """O pedido da demonstração não chegou a `enviado`."""


@dataclass(frozen=True)
class Passo:
    """O que um serviço fez pelo pedido, segundo o registro de operações e o recurso dele."""

    servico: str
    operacao: str
    resultado: str
    transporte: str
    duracao_ms: float
    guardado: str


def mostrar_enderecos() -> None:
    """Onde clicar. A senha do admin não aparece: está no .env."""
    tabela = Table(title="Tudo pronto", title_justify="left")
    for coluna in ("serviço", "admin", "documentação da API"):
        tabela.add_column(coluna)
    for servico in SERVICOS.values():
        url = servico.url_rest
        tabela.add_row(servico.nome, f"{url}/admin/", f"{url}/api/docs")
    _saida.print(tabela)
    _saida.print("Entre no admin como [b]admin[/b], com a senha ADMIN_SENHA, que está em .env.")


def demonstrar() -> None:
    """Faz um pedido por REST e mostra, passo a passo, o que cada serviço fez com ele.

    Levanta DemonstracaoFalhou se o pedido não termina `enviado`.
    """
    with _sessao(os.environ["CHAVE_LOJA"]) as loja, _sessao(os.environ["CHAVE_INTERNA"]) as interna:
        try:
            pedido = _fazer_pedido(loja)
            if pedido["status"] == "enviado":
                _mostrar(pedido, _passos(interna, pedido["id"]))
                return
        except requests.RequestException as erro:
            raise DemonstracaoFalhou(f"a demonstração parou no caminho: {erro}") from erro
    raise DemonstracaoFalhou(f"o pedido {pedido['id']} ficou {pedido['status']}, não enviado.")


def _sessao(chave: str) -> requests.Session:
    http = requests.Session()
    http.trust_env = False
    http.headers["Authorization"] = f"Bearer {chave}"
    return http


def _fazer_pedido(loja: requests.Session) -> dict[str, Any]:
    produtos = _ler(loja, "catalogo", "/produtos")
    clientes = _ler(loja, "pedidos", "/clientes")["results"]
    a_venda = [produto for produto in produtos if produto["estoque"] >= 2]
    if not a_venda or not clientes:
        raise DemonstracaoFalhou("não há cliente ou produto com estoque para a demonstração.")
    corpo = {
        "cliente_id": clientes[0]["id"],
        "itens": [{"produto_id": produto["id"], "quantidade": 1} for produto in a_venda[:2]],
        "metodo": "pix",
    }
    resposta = loja.post(f"{SERVICOS['pedidos'].url_rest}/pedidos", json=corpo, timeout=ESPERA_S)
    if not resposta.ok:
        raise DemonstracaoFalhou(f"o pedido foi recusado: {resposta.text}")
    return dict(resposta.json())


def _ler(http: requests.Session, servico: str, caminho: str, **filtros: int) -> Any:
    url = SERVICOS[servico].url_rest + caminho
    resposta = http.get(url, params=filtros, timeout=ESPERA_S)
    resposta.raise_for_status()
    return resposta.json()


def _passos(interna: requests.Session, pedido_id: int) -> list[Passo]:
    """As operações do pedido em cada serviço, na ordem do checkout."""
    passos = []
    for servico, caminho in RECURSOS.items():
        guardado = _resumo(_ler(interna, servico, caminho.format(id=pedido_id)))
        operacoes = _ler(interna, servico, "/operacoes", pedido_id=pedido_id)["results"]
        for linha in sorted(operacoes, key=lambda operacao: operacao["id"]):
            passos.append(
                Passo(
                    servico=servico,
                    operacao=linha["operacao"],
                    resultado=linha["resultado"],
                    transporte=linha["transporte"],
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


def _mostrar(pedido: dict[str, Any], passos: list[Passo]) -> None:
    tabela = Table(
        title=f"Pedido {pedido['id']}: {pedido['status']}, {_em_reais(pedido['valor_total'])}"
        f" no {pedido['metodo']}, rastreamento {pedido['envio']['codigo_rastreamento']}",
        title_justify="left",
    )
    for coluna in ("serviço", "operação", "resultado", "por", "ms", "o que ficou guardado"):
        tabela.add_column(coluna, justify="right" if coluna == "ms" else "left")
    for passo in passos:
        tempo = f"{passo.duracao_ms:.1f}".replace(".", ",")
        tabela.add_row(
            passo.servico, passo.operacao, passo.resultado, passo.transporte, tempo, passo.guardado
        )
    _saida.print(tabela)
    _saida.print("Cada tempo (ms) conta desde que a chamada chegou ao serviço.")
    for servico in RECURSOS:
        _saida.print(f"  {servico}: {SERVICOS[servico].url_rest}/admin/{servico}/")
