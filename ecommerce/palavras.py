"""Os valores do sistema como se escrevem para pessoas."""

from __future__ import annotations

import re

_ACENTUADOS = {
    "em_separacao": "em separação",
    "nf_emitida": "nota emitida",
    "cartao_credito": "cartão de crédito",
    "desistencia": "desistência",
    "entrada_invalida": "entrada inválida",
    "estado_invalido": "estado inválido",
    "grpc": "gRPC",
    "rest": "REST",
    "catalogo": "catálogo",
    "logistica": "logística",
}


def em_palavras(valor: str) -> str:
    """Um valor do sistema (`em_separacao`) como se escreve para pessoas (`em separação`)."""
    return _ACENTUADOS.get(valor, valor.replace("_", " "))


def em_grupos_de_quatro(chave: str) -> str:
    """A chave de acesso de uma nota como o DANFE a imprime: onze grupos de quatro dígitos."""
    return " ".join(re.findall(".{1,4}", chave))
