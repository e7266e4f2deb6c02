"""O que chega torto é recusado com o problema certo, e nada fica gravado (docs/falhas.md, 11)."""

from __future__ import annotations

import json
import socket
from contextlib import closing
from http.client import HTTPConnection
from typing import Any

import grpc
import pytest
from google.rpc.error_details_pb2 import BadRequest

from ecommerce.contratos import estoque_pb2, estoque_pb2_grpc, pedido_pb2, pedido_pb2_grpc
from ecommerce.transporte.grpc.canal import abrir_canal
from laboratorio.sistema.processos import Sistema
from testes.apoio.portas import detalhe
from testes.apoio.recusas import (
    COM_CORPO,
    NAO_SAO_JSON,
    PEDIDO,
    campos_recusados,
    nada_gravado,
    postar,
    problema,
)

__all__ = ["nada_gravado"]  # a fixture

NAO_SAO_QUANTIDADES = [
    "0", "-1", "-0", "1.5", "2.0", "1e0", '"2"', '""', "true", "null", "[]", "{}", "[2]", "1001",
    "9223372036854775807", "9223372036854775808", "-9223372036854775809", "1" + "0" * 300,
]  # fmt: skip


@pytest.mark.parametrize("quantidade", NAO_SAO_QUANTIDADES)
@pytest.mark.usefixtures("nada_gravado")
def teste_so_inteiros_de_1_a_1000_sao_quantidades(sistema: Sistema, quantidade: str) -> None:
    corpo = '{"cliente_id": 1, "itens": [{"produto_id": 1, "quantidade": %s}], "metodo": "pix"}'
    resposta = postar(
        sistema,
        "pedidos",
        "/pedidos",
        data=corpo % quantidade,
        headers={"Content-Type": "application/json"},
    )
    assert campos_recusados(resposta) == {"itens[0].quantidade"}


@pytest.mark.parametrize("corpo", NAO_SAO_JSON.values(), ids=NAO_SAO_JSON)
@pytest.mark.usefixtures("nada_gravado")
def teste_o_que_nao_e_json_e_recusado_em_toda_parte(sistema: Sistema, corpo: bytes) -> None:
    for servico, caminho in COM_CORPO:
        json_sim = {"Content-Type": "application/json"}
        resposta = postar(sistema, servico, caminho, data=corpo, headers=json_sim)
        assert campos_recusados(resposta) == {"corpo"}, caminho


@pytest.mark.parametrize("corpo", ["null", "1", '"texto"', "[]", "[{}]", "true"])
@pytest.mark.usefixtures("nada_gravado")
def teste_o_corpo_e_um_objeto(sistema: Sistema, corpo: str) -> None:
    for servico, caminho in COM_CORPO:
        json_sim = {"Content-Type": "application/json"}
        resposta = postar(sistema, servico, caminho, data=corpo, headers=json_sim)
        assert campos_recusados(resposta) == {"corpo"}, caminho


@pytest.mark.usefixtures("nada_gravado")
def teste_corpo_vazio_diz_os_campos_que_faltam(sistema: Sistema) -> None:
    for corpo in (b"", b"{}"):
        json_sim = {"Content-Type": "application/json"}
        resposta = postar(sistema, "pedidos", "/pedidos", data=corpo, headers=json_sim)
        assert campos_recusados(resposta) == {"cliente_id", "itens", "metodo"}


@pytest.mark.parametrize("tipo", ["text/plain", "application/xml", "application/json5", "x"])
@pytest.mark.usefixtures("nada_gravado")
def teste_outro_tipo_de_corpo_e_415(sistema: Sistema, tipo: str) -> None:
    for servico, caminho in COM_CORPO:
        cabecalhos = {"Content-Type": tipo}
        resposta = postar(sistema, servico, caminho, data=b"{}", headers=cabecalhos)
        problema(resposta, 415, "tipo_nao_suportado")


@pytest.mark.usefixtures("nada_gravado")
def teste_charset_inventado_nao_derruba_o_leitor(sistema: Sistema) -> None:
    for charset in ("rot13", "base64", "utf-16", "nenhum"):
        cabecalhos = {"Content-Type": f"application/json; charset={charset}"}
        resposta = postar(sistema, "pedidos", "/pedidos", data=b"[]", headers=cabecalhos)
        assert campos_recusados(resposta) == {"corpo"}, charset


@pytest.mark.usefixtures("nada_gravado")
def teste_outro_formato_de_resposta_e_406(sistema: Sistema) -> None:
    for servico, caminho in COM_CORPO:
        so_xml = {"Accept": "application/xml"}
        resposta = postar(sistema, servico, caminho, json=PEDIDO, headers=so_xml)
        problema(resposta, 406, "tipo_nao_suportado")


@pytest.mark.usefixtures("nada_gravado")
def teste_10_mb_sao_413_e_nunca_uma_conexao_cortada(sistema: Sistema) -> None:
    for servico, caminho in COM_CORPO:
        resposta = postar(sistema, servico, caminho, data=b"x" * 10_000_000)
        problema(resposta, 413, "grande_demais")


@pytest.mark.usefixtures("nada_gravado")
def teste_10_mb_em_pedacos_tambem_sao_413(sistema: Sistema) -> None:
    pedacos = (b"x" * 65_536 for _ in range(160))
    problema(postar(sistema, "pedidos", "/pedidos", data=pedacos), 413, "grande_demais")


@pytest.mark.usefixtures("nada_gravado")
def teste_o_limite_do_corpo_e_exato(sistema: Sistema) -> None:
    json_sim = {"Content-Type": "application/json"}
    cabe = b"[" + b" " * (256 * 1024 - 2) + b"]"
    assert campos_recusados(
        postar(sistema, "pedidos", "/pedidos", data=cabe, headers=json_sim)
    ) == {"corpo"}
    problema(
        postar(sistema, "pedidos", "/pedidos", data=cabe + b" ", headers=json_sim),
        413,
        "grande_demais",
    )


@pytest.mark.parametrize("chave", ["", "x" * 256, "é", "a\tb"])
@pytest.mark.usefixtures("nada_gravado")
def teste_idempotency_key_torta(sistema: Sistema, chave: str) -> None:
    cabecalhos = {"Idempotency-Key": chave.encode()}
    resposta = postar(sistema, "pedidos", "/pedidos", json=PEDIDO, headers=cabecalhos)
    assert campos_recusados(resposta) == {"Idempotency-Key"}


@pytest.mark.parametrize(
    ("servico", "caminho", "dados"),
    [("pedidos", "/pedidos", PEDIDO), ("estoque", "/estoque/1/entrada", {"quantidade": 5})],
)
@pytest.mark.usefixtures("nada_gravado")
def teste_duas_chaves_nao_sao_uma(
    sistema: Sistema, servico: str, caminho: str, dados: dict[str, Any]
) -> None:
    corpo = json.dumps(dados).encode()
    conexao = HTTPConnection(sistema.url(servico).removeprefix("http://"), timeout=30)
    with closing(conexao):
        conexao.putrequest("POST", caminho)
        for nome, valor in [
            ("Authorization", "Bearer interna"),
            ("Content-Type", "application/json"),
            ("Content-Length", str(len(corpo))),
            ("Idempotency-Key", "uma"),
            ("Idempotency-Key", "outra"),
        ]:
            conexao.putheader(nome, valor)
        conexao.endheaders(corpo)
        resposta = conexao.getresponse()
        dito = json.loads(resposta.read())
    assert resposta.status == 400
    assert list(dito["erros"]) == ["Idempotency-Key"]


@pytest.mark.usefixtures("nada_gravado")
def teste_duas_chaves_nao_sao_uma_tambem_por_grpc(sistema: Sistema) -> None:
    pedido = pedido_pb2.CriarPedidoRequest(
        cliente_id=1, metodo="pix", itens=[pedido_pb2.ItemNovo(produto_id=1, quantidade=1)]
    )
    entrada = estoque_pb2.RegistrarEntradaRequest(produto_id=1, quantidade=5)
    metadados = (
        ("authorization", "Bearer interna"),
        ("idempotency-key", "uma"),
        ("idempotency-key", "outra"),
    )
    with (
        abrir_canal(sistema.alvo("pedidos")) as pedidos,
        abrir_canal(sistema.alvo("estoque")) as estoque,
    ):
        for metodo, requisicao in (
            (pedido_pb2_grpc.PedidoStub(pedidos).CriarPedido, pedido),
            (estoque_pb2_grpc.EstoqueStub(estoque).RegistrarEntrada, entrada),
        ):
            with pytest.raises(grpc.RpcError) as erro:
                metodo(requisicao, metadata=metadados, timeout=30)
            campos = detalhe(erro.value, BadRequest).field_violations
            assert [campo.field for campo in campos] == ["Idempotency-Key"]


@pytest.mark.parametrize("prazo", ["", "abc", "-1", "1.5", "1e3", "²", "9" * 10])
@pytest.mark.usefixtures("nada_gravado")
def teste_prazo_torto(sistema: Sistema, prazo: str) -> None:
    cabecalhos = {"X-Prazo-Ms": prazo.encode()}
    resposta = postar(sistema, "pedidos", "/pedidos", json=PEDIDO, headers=cabecalhos)
    assert campos_recusados(resposta) == {"X-Prazo-Ms"}


@pytest.mark.parametrize(
    "pk", ["0", "-1", "01", "1.0", "1e3", "um", "%00", "٣", "9223372036854775808", "9" * 3000]
)
@pytest.mark.usefixtures("nada_gravado")
def teste_ids_tortos_no_caminho_sao_404(sistema: Sistema, pk: str) -> None:
    for metodo, servico, caminho in [
        ("GET", "pedidos", f"/pedidos/{pk}"),
        ("POST", "pedidos", f"/pedidos/{pk}/cancelar"),
        ("POST", "pagamentos", f"/pagamentos/{pk}/estornar"),
        ("POST", "fiscal", f"/notas/{pk}/cancelar"),
        ("POST", "logistica", f"/envios/{pk}/cancelar"),
        ("GET", "estoque", f"/estoque/{pk}"),
        ("GET", "catalogo", f"/produtos/{pk}"),
    ]:
        resposta = sistema.pedir(metodo, servico, caminho, chave="interna")
        problema(resposta, 404, "nao_encontrado")


def teste_o_maior_id_vale_em_toda_parte_e_a_pagina_seguinte_tambem(sistema: Sistema) -> None:
    maior = 2**63 - 1
    assert postar(sistema, "logistica", f"/envios/{maior}/cancelar").status_code == 200
    assert sistema.ler("logistica", f"/envios/{maior}")["status"] == "cancelado"
    pagina = sistema.ler("logistica", "/envios", tamanho=1)
    assert pagina["results"][0]["pedido_id"] == maior
    seguinte = pagina["next"].removeprefix(sistema.url("logistica"))
    assert len(sistema.ler("logistica", seguinte)["results"]) == 1


@pytest.mark.parametrize("tamanho", [2_000, 100_000])
def teste_caminho_enorme(sistema: Sistema, tamanho: int) -> None:
    resposta = sistema.pedir("GET", "pedidos", "/" + "a" * tamanho, chave="interna")
    if tamanho == 2_000:
        problema(resposta, 404, "nao_encontrado")
    else:  # o gunicorn recusa a linha antes que o serviço a veja
        problema(resposta, 414, "grande_demais")


@pytest.mark.parametrize(
    "mudanca",
    [
        {"cliente_id": 9_999_999},
        {"itens": [{"produto_id": 1, "quantidade": 1}, {"produto_id": 9_999_999, "quantidade": 1}]},
    ],
)
@pytest.mark.usefixtures("nada_gravado")
def teste_cliente_e_produto_que_nao_ha_sao_422(sistema: Sistema, mudanca: dict[str, Any]) -> None:
    codigo = "cliente_inexistente" if "cliente_id" in mudanca else "produto_inexistente"
    resposta = postar(sistema, "pedidos", "/pedidos", json=PEDIDO | mudanca)
    assert "pedido_id" not in problema(resposta, 422, codigo)


def teste_token_desconhecido_e_pagamento_recusado(sistema: Sistema) -> None:
    cartao = {"metodo": "cartao_credito", "cartao": {"token": "tok_inventado"}}
    resposta = postar(sistema, "pedidos", "/pedidos", json=PEDIDO | cartao)
    recusa = problema(resposta, 422, "pagamento_rejeitado")
    assert sistema.ler("pedidos", f"/pedidos/{recusa['pedido_id']}")["status"] == "cancelado"


@pytest.mark.usefixtures("nada_gravado")
def teste_um_formulario_tambem_nao_traz_preco(sistema: Sistema) -> None:
    formulario = {
        "cliente_id": "1",
        "metodo": "pix",
        "itens[0]produto_id": "1",
        "itens[0]quantidade": "1",
        "itens[0]preco_unitario": "0.01",
    }
    resposta = postar(sistema, "pedidos", "/pedidos", data=formulario)
    assert campos_recusados(resposta) == {"itens[0].preco_unitario"}
    resposta = postar(sistema, "estoque", "/estoque/liberar", data={"pedido_id": 1, "preco": 1})
    assert campos_recusados(resposta) == {"preco"}


def teste_nome_com_html_volta_so_como_texto(sistema: Sistema) -> None:
    nome = "<script>alert(1)</script>"
    novo = {"nome": nome, "email": "roteiro@exemplo.com"}
    criado = sistema.pedir("POST", "pedidos", "/clientes", json=novo)
    assert criado.status_code == 201
    assert criado.headers["Content-Type"] == "application/json"
    assert criado.headers["X-Content-Type-Options"] == "nosniff"
    assert criado.json()["nome"] == nome
    pagina = sistema.pedir("GET", "pedidos", "/clientes", headers={"Accept": "text/html"})
    assert "text/html" in pagina.headers["Content-Type"]
    assert "&lt;script&gt;alert(1)" in pagina.text
    assert nome not in pagina.text


def teste_http_malfeito_nao_derruba_o_servico(sistema: Sistema) -> None:
    porta = int(sistema.url("pedidos").rpartition(":")[2])
    for cru in (
        b"GET /saude HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"GET /saude HTTP/1.1\r\nHost: x\r\nContent-Length: 1e9\r\n\r\n",
        b"\x00\xff\r\n\r\n",
    ):
        with socket.create_connection(("127.0.0.1", porta), timeout=5) as tomada:
            tomada.sendall(cru)
            assert tomada.recv(100).startswith(b"HTTP/1.1 4"), cru
    assert sistema.pedir("GET", "pedidos", "/saude").status_code == 200
