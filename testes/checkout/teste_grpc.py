"""O que é só do gRPC: contratos, saúde, reflexão, credenciais, erros, portas e parada."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf import descriptor_pb2
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from ecommerce.contratos import (
    cadeia_pb2,
    catalogo_pb2,
    catalogo_pb2_grpc,
    pagamento_pb2,
    pagamento_pb2_grpc,
    pedido_pb2,
    pedido_pb2_grpc,
)
from ecommerce.servicos import SERVICOS
from ecommerce.transporte.grpc.canal import abrir_canal
from laboratorio.sistema.processos import RAIZ, Sistema, esperar
from testes.apoio.compras import abastecer
from testes.apoio.portas import detalhe

CONTRATOS = RAIZ / "ecommerce" / "contratos"
PUBLICOS = {"/catalogo.Catalogo/ListarProdutos"}
DA_LOJA = {f"/pedido.Pedido/{acao}Pedido" for acao in ("Criar", "Consultar", "Cancelar")}
CREDENCIAIS = {
    "nenhuma": None,
    "errada": "Bearer de-outra-loja",
    "outro esquema": "Basic interna",
    "da loja": "Bearer da-loja",
    "interna": "Bearer interna",
}
DE_NINGUEM = {"errada", "outro esquema"}  # recusadas até no que é público, como por REST


def modulo(servico: str) -> Any:
    """O módulo *_pb2 do contrato do serviço."""
    pacote = SERVICOS[servico].contrato.partition(".")[0]
    return import_module(f"ecommerce.contratos.{pacote}_pb2")


def metodos() -> Iterator[tuple[str, str, Any]]:
    """(serviço, caminho do método, mensagem de entrada vazia) de tudo que se serve."""
    for servico in SERVICOS.values():
        nome = servico.contrato.partition(".")[2]
        for metodo in modulo(servico.nome).DESCRIPTOR.services_by_name[nome].methods:
            entrada = getattr(
                import_module(f"ecommerce.contratos.{Path(metodo.input_type.file.name).stem}_pb2"),
                metodo.input_type.name,
            )
            yield servico.nome, f"/{servico.contrato}/{metodo.name}", entrada()


def chamar(
    sistema: Sistema, servico: str, caminho: str, pedido: Any, credencial: str | None
) -> Any:
    """Chama um método pelo caminho, sem stub; levanta grpc.RpcError."""
    metadados = (("authorization", credencial),) if credencial else ()
    with abrir_canal(sistema.alvo(servico)) as canal:
        metodo: Any = canal.unary_unary(caminho, type(pedido).SerializeToString, bytes)
        return metodo(pedido, metadata=metadados, timeout=10)


def teste_ha_um_contrato_por_servico_e_o_codigo_gerado_e_o_que_o_protoc_gera(
    tmp_path: Path,
) -> None:
    contratos = sorted(CONTRATOS.glob("*.proto"))
    pacotes = {servico.contrato.partition(".")[0] for servico in SERVICOS.values()}
    assert {contrato.stem for contrato in contratos} == pacotes | {"cadeia"}
    # quando se roda o comando que está no README
    saidas = [f"--{saida}_out={tmp_path}" for saida in ("python", "pyi", "grpc_python")]
    comando = [sys.executable, "-m", "grpc_tools.protoc", "-I.", *saidas]
    subprocess.run([*comando, *(str(c.relative_to(RAIZ)) for c in contratos)], cwd=RAIZ, check=True)
    # então sai o que está no repositório
    gerados = sorted((tmp_path / "ecommerce" / "contratos").iterdir())
    assert {g.name for g in gerados} == {p.name for p in CONTRATOS.glob("*_pb2*")}
    for gerado in gerados:
        assert gerado.read_text() == (CONTRATOS / gerado.name).read_text(), gerado.name


def teste_saude_e_reflexao_em_todos(sistema: Sistema) -> None:
    for servico in SERVICOS.values():
        with abrir_canal(sistema.alvo(servico.nome)) as canal:
            requisicao = health_pb2.HealthCheckRequest(service=servico.contrato)
            saude = health_pb2_grpc.HealthStub(canal).Check(requisicao, timeout=5)
            assert saude.status == health_pb2.HealthCheckResponse.SERVING
            reflexao = reflection_pb2_grpc.ServerReflectionStub(canal)
            perguntas = [
                reflection_pb2.ServerReflectionRequest(list_services=""),
                reflection_pb2.ServerReflectionRequest(file_containing_symbol=servico.contrato),
            ]
            nomes, arquivo = reflexao.ServerReflectionInfo(iter(perguntas), timeout=5)
        servidos = {s.name for s in nomes.list_services_response.service}
        assert servidos >= {servico.contrato, "grpc.health.v1.Health"}
        descrito = descriptor_pb2.FileDescriptorProto.FromString(
            arquivo.file_descriptor_response.file_descriptor_proto[0]
        )
        assert descrito.package == servico.contrato.partition(".")[0]


def teste_quem_nao_da_prazo_tem_o_do_checkout(sistema: Sistema) -> None:
    with abrir_canal(sistema.alvo("pedidos")) as canal:
        resposta = pedido_pb2_grpc.PedidoStub(canal).ConsultarPedido(
            cadeia_pb2.PedidoIdRequest(pedido_id=1),
            metadata=(("authorization", "Bearer da-loja"),),
        )
    assert resposta.id == 1


@pytest.mark.parametrize("credencial", CREDENCIAIS)
def teste_cada_credencial_abre_so_o_que_deve(sistema: Sistema, credencial: str) -> None:
    for servico, caminho, vazio in metodos():
        aberto = (
            (caminho in PUBLICOS and credencial not in DE_NINGUEM)
            or credencial == "interna"
            or (credencial == "da loja" and caminho in DA_LOJA)
        )
        esperado = "UNAUTHENTICATED" if credencial == "nenhuma" else "PERMISSION_DENIED"
        codigo = "nao_autenticado" if credencial == "nenhuma" else "nao_permitido"
        try:
            chamar(sistema, servico, caminho, vazio, CREDENCIAIS[credencial])
        except grpc.RpcError as falha:
            ouvido, informacao = falha.code().name, detalhe(falha, ErrorInfo)
            if aberto:  # a entrada vazia não serve, mas quem chamou foi ouvido
                assert ouvido == "INVALID_ARGUMENT", f"{credencial}: {caminho} -> {ouvido}"
            else:
                assert (ouvido, informacao.reason) == (esperado, codigo), caminho
                assert informacao.domain == "ecommerce"
        else:
            assert aberto, f"{credencial}: {caminho} respondeu"


@pytest.mark.parametrize(
    ("servico", "caminho", "pedido"),
    [
        ("pagamentos", "/pagamento.Pagamento/ProcessarPagamento", pagamento_pb2.PagamentoRequest),
        ("fiscal", "/fiscal.Fiscal/EmitirNotaFiscal", cadeia_pb2.Ordem),
        ("logistica", "/logistica.Logistica/AgendarEnvio", cadeia_pb2.Ordem),
    ],
)
def teste_um_passo_com_entrada_torta_nomeia_os_campos(
    sistema: Sistema, servico: str, caminho: str, pedido: Any
) -> None:
    item = cadeia_pb2.Item(produto_id=1, nome="x", quantidade=0, preco_unitario_centavos=-5)
    torto = pedido(pedido_id=7, metodo="pix", valor_total_centavos=1, itens=[item])
    with pytest.raises(grpc.RpcError) as erro:
        chamar(sistema, servico, caminho, torto, "Bearer interna")
    assert erro.value.code() == grpc.StatusCode.INVALID_ARGUMENT
    campos = {violacao.field for violacao in detalhe(erro.value, BadRequest).field_violations}
    assert campos >= {
        "cliente.id",
        "cliente.nome",
        "itens[0].quantidade",
        "itens[0].preco_unitario",
    }


def teste_mensagem_grande_demais_e_recusada(sistema: Sistema) -> None:
    requisicao = pedido_pb2.CriarPedidoRequest(cliente_id=1, metodo="x" * 300_000)
    with pytest.raises(grpc.RpcError) as erro:
        chamar(sistema, "pedidos", "/pedido.Pedido/CriarPedido", requisicao, "Bearer da-loja")
    assert erro.value.code() == grpc.StatusCode.RESOURCE_EXHAUSTED


def teste_so_diz_que_serve_enquanto_o_banco_atende(novo_sistema: Callable[..., Sistema]) -> None:
    sistema = novo_sistema()
    sistema.iniciar("catalogo-grpc")

    def esta(esperada: str) -> bool:
        with abrir_canal(sistema.alvo("catalogo")) as canal:
            requisicao = health_pb2.HealthCheckRequest(service="catalogo.Catalogo")
            saude = health_pb2_grpc.HealthStub(canal).Check(requisicao, timeout=5)
        return bool(health_pb2.HealthCheckResponse.ServingStatus.Name(saude.status) == esperada)

    for de, para, esperada in (
        ("operacoes_operacao", "escondida", "NOT_SERVING"),
        ("escondida", "operacoes_operacao", "SERVING"),
    ):
        sistema.executar_sql("catalogo", f"ALTER TABLE {de} RENAME TO {para}")
        esperar(partial(esta, esperada), 10, esperada)


def teste_sem_estoque_no_ar_a_vitrine_mostra_o_ultimo_saldo(
    novo_sistema: Callable[..., Sistema],
) -> None:
    sistema = novo_sistema()
    sistema.iniciar("estoque-grpc", "catalogo-grpc")
    with abrir_canal(sistema.alvo("catalogo")) as canal:
        stub = catalogo_pb2_grpc.CatalogoStub(canal)
        fresca = stub.ListarProdutos(catalogo_pb2.ListarProdutosRequest(), timeout=5)
        sistema.parar("estoque-grpc")
        time.sleep(1.1)
        velha = stub.ListarProdutos(catalogo_pb2.ListarProdutosRequest(), timeout=5)
    assert not fresca.HasField("estoque_em") and velha.HasField("estoque_em")
    assert list(velha.produtos) == list(fresca.produtos)


def teste_porta_tomada_e_um_erro_que_a_nomeia(sistema: Sistema) -> None:
    resultado = subprocess.run(
        [sys.executable, "manage.py", "servir_grpc", "--settings=ecommerce.settings.catalogo"],
        cwd=RAIZ,
        env=sistema.ambiente,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert resultado.returncode != 0
    assert sistema.alvo("catalogo") in resultado.stderr


def teste_sigterm_deixa_terminar_o_que_esta_em_curso(novo_sistema: Callable[..., Sistema]) -> None:
    sistema = novo_sistema()
    sistema.iniciar(*(nome for nome in (f"{s}-grpc" for s in SERVICOS)), "estoque")
    abastecer(sistema, 1)
    requisicao = pedido_pb2.CriarPedidoRequest(
        cliente_id=1,
        itens=[pedido_pb2.ItemNovo(produto_id=1, quantidade=1)],
        metodo="cartao_credito",
        token_cartao="tok_lento",
    )
    with abrir_canal(sistema.alvo("pedidos")) as canal:
        stub = pedido_pb2_grpc.PedidoStub(canal)
        credencial = (("authorization", "Bearer da-loja"),)
        em_curso = stub.CriarPedido.future(requisicao, metadata=credencial, timeout=20)
        time.sleep(1)  # a operadora leva 3 s
        parada = threading.Thread(target=sistema.parar, args=("pedidos-grpc",))
        parada.start()
        assert em_curso.result().status == "enviado"
        parada.join()
        with pytest.raises(grpc.RpcError) as erro:
            stub.CriarPedido(requisicao, metadata=credencial, timeout=5)
    assert erro.value.code() == grpc.StatusCode.UNAVAILABLE


def teste_um_defeito_nosso_e_internal_com_o_rastro_e_nada_de_dentro(
    novo_sistema: Callable[..., Sistema],
) -> None:
    sistema = novo_sistema()
    sistema.iniciar("pagamentos-grpc")
    sistema.executar_sql(
        "pagamentos",
        "UPDATE pagamentos_pagamento SET data_processamento = '2026-99-99 00:00:00'"
        " WHERE pedido_id = 1",
    )
    with (
        abrir_canal(sistema.alvo("pagamentos")) as canal,
        pytest.raises(grpc.RpcError) as erro,
    ):
        pagamento_pb2_grpc.PagamentoStub(canal).ConsultarPagamento(
            cadeia_pb2.PedidoIdRequest(pedido_id=1),
            metadata=(("authorization", "Bearer interna"),),
            timeout=10,
        )
    informacao = detalhe(erro.value, ErrorInfo)
    assert (erro.value.code(), informacao.reason) == (grpc.StatusCode.INTERNAL, "erro_interno")
    assert erro.value.details() == "Erro inesperado."
    assert informacao.metadata["trace_id"] in (sistema.pasta / "pagamentos-grpc.log").read_text()


def teste_nenhuma_mensagem_passa_por_json_nem_pelo_drf() -> None:
    fontes = [*(RAIZ / "ecommerce" / "transporte" / "grpc").glob("*.py")]
    fontes += [RAIZ / servico / "servicer.py" for servico in SERVICOS]
    for fonte in fontes:
        texto = fonte.read_text(encoding="utf-8")
        for proibido in ("rest_framework", "json_format", "MessageToDict", "serializers", "orjson"):
            assert proibido not in texto, f"{fonte}: {proibido}"
