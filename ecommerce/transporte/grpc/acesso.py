"""Quem pode chamar cada método: quem pode o caso de uso que tem o nome dele."""

from __future__ import annotations

import re
from functools import lru_cache
from types import ModuleType

from ecommerce.acesso import Quem, quem_pode
from ecommerce.erros import NaoAutenticado, NaoPermitido
from ecommerce.transporte.chaves import portador


def autorizar(casos_de_uso: ModuleType, metodo: str, credencial: str | None) -> None:
    """Levanta NaoAutenticado sem credencial, NaoPermitido com uma que não dá direito ao método.

    Uma chave que não é de ninguém é recusada até no método que é de todos.
    """
    aberto_a = quem_pode(getattr(casos_de_uso, nome_do_caso(metodo), None))
    if credencial is None:
        if aberto_a is not Quem.TODOS:
            raise NaoAutenticado("Faltam credenciais: envie authorization: Bearer <chave>.")
        return
    quem = portador(credencial)
    if quem is None:
        raise NaoPermitido("A chave apresentada não é válida.")
    if quem is not Quem.INTERNA and aberto_a not in (quem, Quem.TODOS):
        raise NaoPermitido("Estas credenciais não dão direito a esta operação.")


@lru_cache(64)
def nome_do_caso(metodo: str) -> str:
    """`criar_pedido`, de `/pedido.Pedido/CriarPedido`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", metodo.rpartition("/")[2]).lower()
