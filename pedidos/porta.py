"""A porta do checkout: entra um número limitado de cada vez, e o excesso é recusado na hora."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from ecommerce.erros import Sobrecarga

# menos que as threads do processo (servicos.py): sobram as que recusam e as que consultam
CHECKOUTS_AO_MESMO_TEMPO = 64
_vagas = threading.BoundedSemaphore(CHECKOUTS_AO_MESMO_TEMPO)


@contextmanager
def vaga() -> Iterator[None]:
    """Ocupa uma vaga enquanto dura o checkout. Levanta Sobrecarga se não há uma livre."""
    if not _vagas.acquire(blocking=False):
        raise Sobrecarga("Há checkouts demais em curso.")
    try:
        yield
    finally:
        _vagas.release()
