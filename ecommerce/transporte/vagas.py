"""A porta de um processo: atende um número limitado de cada vez, e recusa o excesso na hora.

Fica antes de tudo o que custa (credenciais, corpo, banco): recusar tem de ser barato, ou quem
recusa muito já não atende ninguém.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from ecommerce.erros import Sobrecarga

# menos que as threads de pedidos (servicos.py): sobram as que recusam e as que só consultam
VAGAS = 64
_vagas = threading.BoundedSemaphore(VAGAS)


@contextmanager
def vaga() -> Iterator[None]:
    """Ocupa uma vaga enquanto o bloco dura. Levanta Sobrecarga se não há uma livre."""
    if not _vagas.acquire(blocking=False):
        raise excesso()
    try:
        yield
    finally:
        _vagas.release()


def lotado() -> bool:
    """Se agora não há vaga; `vaga()` é quem decide, isto só poupa trabalho a quem vai ouvir não."""
    if not _vagas.acquire(blocking=False):
        return True
    _vagas.release()
    return False


def excesso() -> Sobrecarga:
    """A recusa de quem chega e não acha vaga."""
    return Sobrecarga("Há trabalho demais em curso neste serviço.")
