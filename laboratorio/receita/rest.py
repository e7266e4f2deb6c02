"""Os cinco serviços por REST: `python -m laboratorio.receita.rest SERVICO`."""

from __future__ import annotations

import sys
from contextlib import closing
from typing import Any

import requests
from flask import Flask, request

from laboratorio.receita import gravacoes
from laboratorio.receita.banco import abrir
from laboratorio.receita.enderecos import ENDERECO, SERVICOS, porta_rest

Resposta = tuple[dict[str, Any], int]
apps = {servico: Flask(servico) for servico in SERVICOS}


def chamar(servico: str, caminho: str, corpo: dict[str, Any]) -> dict[str, Any]:
    url = f"http://{ENDERECO}:{porta_rest(servico)}{caminho}"
    resposta = requests.post(url, json=corpo, timeout=30)
    resposta.raise_for_status()
    return dict(resposta.json())


def pares(itens: list[dict[str, int]]) -> gravacoes.Itens:
    return [(item["produto_id"], item["quantidade"]) for item in itens]


@apps["pedidos"].post("/pedidos")
def criar_pedido() -> Resposta:
    corpo = request.get_json()
    with closing(abrir("pedidos")) as conn:
        pedido_id, valor = gravacoes.criar_pedido(conn, corpo["cliente_id"], pares(corpo["itens"]))
        pagamento = {
            "pedido_id": pedido_id,
            "valor": valor,
            "metodo": corpo["metodo"],
            "itens": corpo["itens"],
        }
        resposta = chamar("pagamentos", "/pagamentos", pagamento)
        status = gravacoes.concluir_pedido(conn, pedido_id, resposta["sucesso"])
    pedido = {"id": pedido_id, "status": status, "valor_total": valor}
    return pedido, 201 if resposta["sucesso"] else 422


@apps["pagamentos"].post("/pagamentos")
def processar_pagamento() -> Resposta:
    corpo = request.get_json()
    pedido_id = corpo["pedido_id"]
    with closing(abrir("pagamentos")) as conn:
        gravacoes.processar_pagamento(conn, pedido_id, corpo["metodo"])
        separacao = {"pedido_id": pedido_id, "itens": corpo["itens"]}
        resposta = chamar("estoque", "/estoque/separar", separacao)
        gravacoes.registrar(conn, pedido_id, "processar_pagamento", "aprovado")
    return resposta, 201


@apps["estoque"].post("/estoque/separar")
def separar_estoque() -> Resposta:
    corpo = request.get_json()
    pedido_id = corpo["pedido_id"]
    with closing(abrir("estoque")) as conn:
        if not gravacoes.separar_estoque(conn, pares(corpo["itens"])):
            gravacoes.registrar(conn, pedido_id, "separar_estoque", "recusado")
            return {"pedido_id": pedido_id, "sucesso": False, "mensagem": "sem estoque"}, 201
        resposta = chamar("fiscal", "/notas", {"pedido_id": pedido_id})
        gravacoes.registrar(conn, pedido_id, "separar_estoque", "separado")
    return resposta, 201


@apps["fiscal"].post("/notas")
def emitir_nota() -> Resposta:
    pedido_id = request.get_json()["pedido_id"]
    with closing(abrir("fiscal")) as conn:
        nota_id = gravacoes.emitir_nota(conn, pedido_id)
        envio = {"pedido_id": pedido_id, "nota_fiscal_id": nota_id}
        resposta = chamar("logistica", "/envios", envio)
        gravacoes.registrar(conn, pedido_id, "emitir_nota", "emitida")
    return resposta, 201


@apps["logistica"].post("/envios")
def agendar_envio() -> Resposta:
    corpo = request.get_json()
    pedido_id = corpo["pedido_id"]
    with closing(abrir("logistica")) as conn:
        gravacoes.agendar_envio(conn, pedido_id, corpo["nota_fiscal_id"])
        gravacoes.registrar(conn, pedido_id, "agendar_envio", "aguardando_envio")
    return {"pedido_id": pedido_id, "sucesso": True, "mensagem": "envio agendado"}, 201


if __name__ == "__main__":
    nome = sys.argv[1]
    abrir(nome).close()  # garante que as tabelas existam ao iniciar
    apps[nome].run(ENDERECO, porta_rest(nome), threaded=True, load_dotenv=False)
