"""O checkout inteiro por REST, em processos de verdade: desfechos e corridas."""

from __future__ import annotations

from decimal import Decimal

import pytest

from laboratorio.sistema.processos import Sistema
from testes.apoio.compras import ENVIADO, abastecer, comprar, corpo, por_pedido, produto_com


@pytest.fixture(autouse=True)
def abastecido(sistema: Sistema) -> None:
    abastecer(sistema, 1)


def teste_enviado_e_achado_em_cada_servico(sistema: Sistema) -> None:
    preco = Decimal(sistema.ler("catalogo", "/produtos/1")["preco"])
    resposta = comprar(sistema, corpo(quantidade=2))
    assert resposta.status_code == 201
    pedido = resposta.json()
    assert pedido["status"] == "enviado"
    assert Decimal(pedido["valor_total"]) == 2 * preco
    assert por_pedido(sistema, pedido["id"]) == ENVIADO
    nota = sistema.ler("fiscal", f"/notas/{pedido['id']}")
    assert nota["chave_acesso"] == pedido["nota_fiscal"]["chave_acesso"]
    assert nota["valor"] == pedido["valor_total"]
    assert sistema.ler("pagamentos", f"/pagamentos/{pedido['id']}")["valor"] == nota["valor"]
    assert sistema.ler("pedidos", f"/pedidos/{pedido['id']}") == pedido


def teste_cada_servico_registra_o_que_fez_com_o_mesmo_rastro(sistema: Sistema) -> None:
    pedido_id = comprar(sistema, corpo()).json()["id"]
    feitas = {
        servico: sistema.ler(servico, "/operacoes", pedido_id=pedido_id)["results"]
        for servico in ("pedidos", "pagamentos", "estoque", "fiscal", "logistica")
    }
    assert {s: [o["resultado"] for o in reversed(ops)] for s, ops in feitas.items()} == {
        "pedidos": ["pendente", "enviado"],
        "pagamentos": ["aprovado"],
        "estoque": ["separado"],
        "fiscal": ["emitida"],
        "logistica": ["aguardando_envio"],
    }
    assert len({o["trace_id"] for ops in feitas.values() for o in ops}) == 1
    assert {o["transporte"] for ops in feitas.values() for o in ops} == {"rest"}


def teste_cartao_recusado_deixa_o_estoque_intacto(sistema: Sistema) -> None:
    antes = sistema.ler("estoque", "/estoque/1")
    pedido = corpo(metodo="cartao_credito", cartao={"token": "tok_recusado"})
    resposta = comprar(sistema, pedido)
    problema = resposta.json()
    assert (resposta.status_code, problema["codigo"]) == (422, "pagamento_rejeitado")
    assert resposta.headers["Content-Type"] == "application/problem+json"
    assert sistema.ler("estoque", "/estoque/1") == antes
    assert por_pedido(sistema, problema["pedido_id"]) == {
        "pedidos": "cancelado",
        "pagamentos": "rejeitado",
        "estoque": "-",
        "fiscal": "-",
        "logistica": "-",
    }


def teste_sem_estoque_o_pagamento_e_estornado(sistema: Sistema) -> None:
    produto = produto_com(sistema, 2, quantidade=3)
    itens = [{"produto_id": 1, "quantidade": 1}, {"produto_id": produto, "quantidade": 4}]
    antes = sistema.ler("estoque", "/estoque/1")
    resposta = comprar(sistema, corpo(itens=itens))
    problema = resposta.json()
    assert (resposta.status_code, problema["codigo"]) == (422, "sem_estoque")
    assert sistema.ler("estoque", "/estoque/1") == antes
    assert sistema.ler("estoque", f"/estoque/{produto}")["disponivel"] == 3
    assert por_pedido(sistema, problema["pedido_id"]) == {
        "pedidos": "cancelado",
        "pagamentos": "estornado",
        "estoque": "recusado",
        "fiscal": "-",
        "logistica": "-",
    }


def teste_nota_recusada_desfaz_estoque_e_pagamento(sistema: Sistema) -> None:
    # dada a lápide que um cancelamento adiantado deixou no fiscal
    proximo = comprar(sistema, corpo()).json()["id"] + 1
    sistema.pedir("POST", "fiscal", f"/notas/{proximo}/cancelar", chave="interna")
    antes = sistema.ler("estoque", "/estoque/1")
    resposta = comprar(sistema, corpo(), chave="nota-recusada")
    assert (resposta.status_code, resposta.json()["codigo"]) == (422, "pedido_cancelado")
    assert resposta.json()["pedido_id"] == proximo
    assert sistema.ler("estoque", "/estoque/1") == antes
    assert por_pedido(sistema, proximo) == {
        "pedidos": "cancelado",
        "pagamentos": "estornado",
        "estoque": "liberado",
        "fiscal": "cancelada",
        "logistica": "cancelado",
    }
    assert comprar(sistema, corpo(), chave="nota-recusada").json() == resposta.json()


def teste_cancelar_desfaz_tudo_e_a_chave_ainda_responde_o_mesmo(sistema: Sistema) -> None:
    antes = sistema.ler("estoque", "/estoque/1")
    criado = comprar(sistema, corpo(quantidade=3), chave="cancelado-depois")
    pedido_id = criado.json()["id"]
    for _ in range(2):
        resposta = sistema.pedir("POST", "pedidos", f"/pedidos/{pedido_id}/cancelar")
        assert (resposta.status_code, resposta.json()["motivo"]) == (200, "cancelado_a_pedido")
    assert por_pedido(sistema, pedido_id) == {
        "pedidos": "cancelado",
        "pagamentos": "estornado",
        "estoque": "liberado",
        "fiscal": "cancelada",
        "logistica": "cancelado",
    }
    assert sistema.ler("estoque", "/estoque/1") == antes
    repetida = comprar(sistema, corpo(quantidade=3), chave="cancelado-depois")
    assert (repetida.status_code, repetida.json()) == (201, criado.json())


def teste_desfazer_um_pedido_nunca_visto_deixa_lapides(sistema: Sistema) -> None:
    nunca_visto = 900_000_001
    for _ in range(2):
        caminho = f"/pagamentos/{nunca_visto}/estornar"
        resposta = sistema.pedir("POST", "pagamentos", caminho, chave="interna")
        assert resposta.status_code == 200
        assert resposta.json() == {
            "pedido_id": nunca_visto,
            "status": "estornado",
            "metodo": None,
            "valor": None,
            "data_processamento": None,
        }
    assert list(por_pedido(sistema, nunca_visto).values())[1:] == [
        "estornado",
        "liberado",
        "cancelada",
        "cancelado",
    ]
    operacoes = sistema.ler("pagamentos", "/operacoes", pedido_id=nunca_visto)["results"]
    assert [o["resultado"] for o in operacoes] == ["estornado"]


def teste_entregar_e_um_fim_que_nao_se_cancela(sistema: Sistema) -> None:
    pedido_id = comprar(sistema, corpo()).json()["id"]
    entregar = f"/pedidos/{pedido_id}/entregar"
    assert sistema.pedir("POST", "pedidos", entregar).status_code == 403
    entregue = sistema.pedir("POST", "pedidos", entregar, chave="interna")
    assert (entregue.status_code, entregue.json()["envio"]["status"]) == (200, "entregue")
    assert por_pedido(sistema, pedido_id)["logistica"] == "entregue"
    for acao, chave in (("cancelar", "da-loja"), ("entregar", "interna")):
        resposta = sistema.pedir("POST", "pedidos", f"/pedidos/{pedido_id}/{acao}", chave=chave)
        assert (resposta.status_code, resposta.json()["codigo"]) == (409, "estado_invalido")
    retomado = sistema.pedir("POST", "pedidos", f"/pedidos/{pedido_id}/retomar", chave="interna")
    assert (retomado.status_code, retomado.json()) == (200, entregue.json())


def teste_paginas_por_cursor_e_filtros(sistema: Sistema) -> None:
    feitos = [comprar(sistema, corpo()).json()["id"] for _ in range(8)]
    pedidos = list(sistema.listar("pedidos", "/pedidos?tamanho=7&status=enviado&cliente_id=1"))
    assert all(p["status"] == "enviado" and p["cliente_id"] == 1 for p in pedidos)
    vistos = [p["id"] for p in pedidos]
    assert vistos == sorted(set(vistos), reverse=True) and set(vistos) >= set(feitos)
