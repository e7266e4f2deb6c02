"""Quem pode chamar cada método: todos, a chave da loja ou só a interna."""

from __future__ import annotations

from ecommerce.erros import NaoAutenticado, NaoPermitido
from ecommerce.transporte.chaves import INTERNA, LOJA, portador

PUBLICOS = ("/catalogo.Catalogo/ListarProdutos",)
DA_LOJA = (
    "/pedido.Pedido/CriarPedido",
    "/pedido.Pedido/ConsultarPedido",
    "/pedido.Pedido/CancelarPedido",
)


def autorizar(metodo: str, credencial: str | None) -> None:
    """Levanta NaoAutenticado sem credencial, NaoPermitido com uma que não dá direito ao método."""
    if metodo in PUBLICOS:
        return
    if credencial is None:
        raise NaoAutenticado("Faltam credenciais: envie authorization: Bearer <chave>.")
    quem = portador(credencial)
    if quem != INTERNA and not (quem == LOJA and metodo in DA_LOJA):
        raise NaoPermitido("Estas credenciais não dão direito a esta operação.")
