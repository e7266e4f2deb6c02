"""Clientes que só conhecem as mensagens do enunciado falam com os nossos serviços."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from textwrap import dedent

from laboratorio.sistema.processos import Sistema


def teste_o_exemplo_de_pagamento_do_enunciado_fala_com_o_nosso(
    sistema: Sistema, tmp_path: Path
) -> None:
    # dado um cliente que só conhece as mensagens do enunciado, e manda o `float valor` dele
    saida = _com_o_proto_do_enunciado(
        tmp_path,
        "pagamento",
        """
        syntax = "proto3";
        package pagamento;
        message PagamentoRequest { int32 pedido_id = 1; float valor = 2; }
        message PagamentoResponse { int32 pedido_id = 1; bool sucesso = 2; string mensagem = 3; }
        service Pagamento { rpc EstornarPagamento (PagamentoRequest) returns (PagamentoResponse); }
        """,
        f"""
        canal = grpc.insecure_channel("{sistema.alvo("pagamentos")}")
        stub = pb2_grpc.PagamentoStub(canal)
        credencial = (("authorization", "Bearer interna"),)
        pedido = pb2.PagamentoRequest(pedido_id=987654, valor=10.5)
        resposta = stub.EstornarPagamento(pedido, metadata=credencial, timeout=10)
        print(resposta.pedido_id, resposta.sucesso, resposta.mensagem)
        """,
    )
    assert saida.split() == ["987654", "False", "Pagamento", "estornado"]


def teste_o_catalogo_do_enunciado_lista_os_nossos_produtos(
    sistema: Sistema, tmp_path: Path
) -> None:
    saida = _com_o_proto_do_enunciado(
        tmp_path,
        "catalogo",
        """
        syntax = "proto3";
        package catalogo;
        message Vazio {}
        message ProdutoInfo { int32 id = 1; string nome = 2; int32 estoque = 3; }
        message ListaProdutosResponse { repeated ProdutoInfo produtos = 1; }
        service Catalogo { rpc ListarProdutos (Vazio) returns (ListaProdutosResponse); }
        """,
        f"""
        canal = grpc.insecure_channel("{sistema.alvo("catalogo")}")
        lista = pb2_grpc.CatalogoStub(canal).ListarProdutos(pb2.Vazio(), timeout=10)
        for produto in lista.produtos:
            print(produto.id, produto.estoque, produto.nome, sep="|")
        """,
    )
    por_rest = sistema.ler("catalogo", "/produtos")
    assert saida.splitlines() == [f"{p['id']}|{p['estoque']}|{p['nome']}" for p in por_rest]


def _com_o_proto_do_enunciado(pasta: Path, nome: str, contrato: str, programa: str) -> str:
    """Compila o contrato e roda o programa num processo que não conhece nada nosso."""
    (pasta / f"{nome}.proto").write_text(contrato)
    (pasta / "programa.py").write_text(
        f"import grpc, {nome}_pb2 as pb2, {nome}_pb2_grpc as pb2_grpc\n" + dedent(programa)
    )
    argumentos = ["-I.", "--python_out=.", "--grpc_python_out=.", f"{nome}.proto"]
    protoc = [sys.executable, "-m", "grpc_tools.protoc"]
    subprocess.run([*protoc, *argumentos], cwd=pasta, check=True)
    resultado = subprocess.run(
        [sys.executable, "-P", "programa.py"],
        cwd=pasta,
        env={"PYTHONPATH": str(pasta)},
        capture_output=True,
        text=True,
        check=True,
    )
    return resultado.stdout
