"""Que permissão cada operação da API pede à equipe. O que não está aqui é só dos programas."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class NoAdmin:
    """A permissão que a operação pede, e a página do admin em que se faz o mesmo."""

    permissao: str
    pagina: str

    @property
    def abrem(self) -> set[str]:
        """As permissões que bastam: no admin do Django, quem muda também vê."""
        return {self.permissao, self.permissao.replace("view_", "change_")}


DA_EQUIPE = {
    "pedidos": {
        ("GET", "/pedidos"): NoAdmin("view_pedido", "pedidos/pedido/"),
        ("POST", "/pedidos"): NoAdmin("add_pedido", "pedidos/pedido/fazer/"),
        ("GET", "/pedidos/1"): NoAdmin("view_pedido", "pedidos/pedido/1/change/"),
        ("POST", "/pedidos/1/cancelar"): NoAdmin("change_pedido", "pedidos/pedido/1/cancelar/"),
        ("POST", "/pedidos/1/retomar"): NoAdmin("change_pedido", "pedidos/pedido/1/retomar/"),
        ("POST", "/pedidos/1/entregar"): NoAdmin("change_pedido", "pedidos/pedido/1/entregar/"),
        ("GET", "/clientes"): NoAdmin("view_cliente", "pedidos/cliente/"),
        ("POST", "/clientes"): NoAdmin("add_cliente", "pedidos/cliente/add/"),
        ("GET", "/clientes/1"): NoAdmin("view_cliente", "pedidos/cliente/1/change/"),
    },
    "pagamentos": {
        ("GET", "/pagamentos"): NoAdmin("view_pagamento", "pagamentos/pagamento/"),
        ("GET", "/pagamentos/1"): NoAdmin("view_pagamento", "pagamentos/pagamento/1/change/"),
    },
    "estoque": {
        ("GET", "/estoque"): NoAdmin("view_saldo", "estoque/saldo/"),
        ("GET", "/estoque/1"): NoAdmin("view_saldo", "estoque/saldo/1/change/"),
        ("POST", "/estoque/1/entrada"): NoAdmin("change_saldo", "estoque/saldo/entrada/"),
        ("GET", "/separacoes"): NoAdmin("view_separacao", "estoque/separacao/"),
        ("GET", "/separacoes/1"): NoAdmin("view_separacao", "estoque/separacao/1/change/"),
    },
    "fiscal": {
        ("GET", "/notas"): NoAdmin("view_nota", "fiscal/nota/"),
        ("GET", "/notas/1"): NoAdmin("view_nota", "fiscal/nota/1/change/"),
    },
    "logistica": {
        ("GET", "/envios"): NoAdmin("view_envio", "logistica/envio/"),
        ("GET", "/envios/1"): NoAdmin("view_envio", "logistica/envio/1/change/"),
    },
    "catalogo": {
        ("GET", "/precos"): NoAdmin("view_produto", "catalogo/produto/"),
    },
}
# quem não tem permissão nenhuma também pode
DE_TODOS = {"catalogo": {("GET", "/produtos"), ("GET", "/produtos/1")}}
EM_TODOS = {("GET", "/operacoes"): NoAdmin("view_operacao", "operacoes/operacao/")}


def da_equipe(servico: str) -> dict[tuple[str, str], NoAdmin]:
    """O que alguém da equipe pode na API do serviço, se tem a permissão."""
    return DA_EQUIPE[servico] | EM_TODOS


def permissao(servico: str, metodo: str, modelo: str) -> str | None:
    """A permissão que a operação (`GET /pedidos/{id}`) pede; None se é só dos programas."""
    no_admin = da_equipe(servico).get((metodo, re.sub(r"{\w+}", "1", modelo)))
    return no_admin.permissao if no_admin else None
