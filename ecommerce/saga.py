"""O elo da saga que pagamentos, estoque e fiscal têm em comum: passar adiante e reagir à volta."""

from __future__ import annotations

from collections.abc import Callable

from ecommerce.erros import Recusado, SemResposta
from ecommerce.mensagens import Andamento, Ordem


def passar_adiante(
    proximo: Callable[[Ordem], Andamento],
    ordem: Ordem,
    *,
    alcancado: str,
    compensar: Callable[[int, str], object],
) -> Andamento:
    """Chama o próximo passo depois que o deste serviço já foi gravado.

    Recusado: `compensar(pedido_id, codigo)` desfaz o passo deste serviço antes que a recusa suba.
    SemResposta: nada se desfaz; a exceção sobe dizendo o status que o pedido já `alcancado`.
    """
    try:
        return proximo(ordem)
    except Recusado as recusa:
        compensar(ordem.pedido_id, recusa.codigo)
        raise
    except SemResposta as falta:
        falta.alcancado = falta.alcancado or alcancado
        raise
