"""Se a numeração de pedidos ficou atrás do que os outros serviços já viram.

Acontece quando o banco de pedidos é o de uma cópia antiga, ou um novo ao lado de dados que já
havia: o próximo pedido recebe um número que os outros conhecem por outra ordem, e é recusado.
"""

from __future__ import annotations

from typing import Any

import requests

from ecommerce.ambiente import CHAVE_INTERNA
from ecommerce.servicos import LISTAS, PASSOS, SERVICOS
from ecommerce.transporte.rest.http.sessao import abrir_sessao

_NA_LAPIDE = {"pedido_id", "status"}
_ESPERA_S = 2


def aviso_de_atraso() -> str | None:
    """O que dizer se algum serviço tem passos de pedidos que vêm depois do último de `pedidos`.

    Pergunta às APIs; None se a numeração está em dia, ou se alguém não respondeu.
    """
    try:
        # pedidos por último: o que outro já viu, ele já tinha gravado
        visto = max(_primeiro(servico, "pedido_id") for servico in PASSOS)
        ultimo = _primeiro("pedidos", "id")
    except (requests.RequestException, LookupError, TypeError, ValueError):
        return None
    if visto <= ultimo:
        return None
    return (
        f"pedidos está atrás dos outros serviços: o último pedido dele é o {ultimo}, e eles têm"
        f" passos até o {visto}. O banco de pedidos é novo, ou de uma cópia antiga? Os números até"
        f" lá serão recusados, um a um, com estado_invalido. Se aqueles pedidos não voltam, pule-os"
        f" com: manage.py pular_numeros {visto} --settings=ecommerce.settings.pedidos"
    )


def _primeiro(servico: str, numero: str) -> int:
    """O maior número de pedido na primeira página do serviço, fora as lápides; 0 se não há."""
    with abrir_sessao(CHAVE_INTERNA.ler()) as http:
        resposta = http.get(SERVICOS[servico].url_rest + LISTAS[servico], timeout=_ESPERA_S)
    resposta.raise_for_status()
    linhas: list[dict[str, Any]] = resposta.json()["results"]
    return max(
        (
            int(linha[numero])
            for linha in linhas
            if any(valor for campo, valor in linha.items() if campo not in _NA_LAPIDE)
        ),
        default=0,
    )
