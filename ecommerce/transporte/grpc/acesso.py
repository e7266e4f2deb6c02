"""Quem pode chamar cada método: quem pode o caso de uso que tem o nome dele."""

from __future__ import annotations

import re
from functools import lru_cache
from types import ModuleType

from ecommerce.acesso import Quem, quem_pode
from ecommerce.erros import NaoAutenticado, NaoPermitido
from ecommerce.transporte.chaves import portador


def autorizar(casos_de_uso: ModuleType, metodo: str, credencial: str | None) -> None:
    """Levanta NaoAutenticado sem credencial, NaoPermitido com uma que não dá direito ao método."""
    aberto_a = quem_pode(getattr(casos_de_uso, nome_do_caso(metodo), None))
    if aberto_a is Quem.TODOS:
        return
    if credencial is None:
        raise NaoAutenticado("Faltam credenciais: envie authorization: Bearer <chave>.")
    if portador(credencial) not in (Quem.INTERNA, aberto_a):
        raise NaoPermitido("Estas credenciais não dão direito a esta operação.")


@lru_cache(64)
def nome_do_caso(metodo: str) -> str:
    """`criar_pedido`, de `/pedido.Pedido/CriarPedido`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", metodo.rpartition("/")[2]).lower()
