"""gRPC do catálogo: cada método traduz, chama um caso de uso e traduz de volta."""

from __future__ import annotations

from typing import Any

import grpc

from catalogo import casos_de_uso
from catalogo.vizinhos.grpc import EstoquePorGrpc
from ecommerce.contratos import catalogo_pb2, catalogo_pb2_grpc
from ecommerce.dinheiro import para_centavos
from ecommerce.transporte.grpc.mensagens import instante

estoque = EstoquePorGrpc()


def adicionar(servidor: grpc.Server) -> None:
    catalogo_pb2_grpc.add_CatalogoServicer_to_server(CatalogoServicer(), servidor)


class CatalogoServicer(catalogo_pb2_grpc.CatalogoServicer):
    """Os produtos à venda e os seus preços."""

    def ListarProdutos(self, request: Any, context: grpc.ServicerContext) -> Any:
        vitrine = casos_de_uso.listar_produtos(estoque=estoque)
        produtos = [
            catalogo_pb2.ProdutoInfo(
                id=p.id, nome=p.nome, estoque=p.estoque, preco_centavos=para_centavos(p.preco)
            )
            for p in vitrine.produtos
        ]
        return catalogo_pb2.ListaProdutosResponse(
            produtos=produtos, estoque_em=instante(vitrine.estoque_em)
        )

    def ConsultarPrecos(self, request: Any, context: grpc.ServicerContext) -> Any:
        precos = [
            catalogo_pb2.Preco(id=p.id, nome=p.nome, preco_centavos=para_centavos(p.preco))
            for p in casos_de_uso.consultar_precos(ids=list(request.id))
        ]
        return catalogo_pb2.ConsultarPrecosResponse(precos=precos)
