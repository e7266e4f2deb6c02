"""A recusa por excesso, antes do Django."""

from __future__ import annotations

from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from ecommerce.logs import contar_recusa
from ecommerce.transporte.rest.erros import descrever, em_json, em_pagina
from ecommerce.transporte.rest.paginas.erro import prefere_pagina
from ecommerce.transporte.vagas import excesso, lotado


def recusar_excesso(aplicacao: WSGIApplication) -> WSGIApplication:
    """Responde 503 a quem escreve quando não há vaga, sem o Django: de 0,5 para 0,3 ms na carga."""
    problema, espera = descrever(excesso())
    a_programas, a_navegadores = em_json(problema, espera), em_pagina(problema, espera)

    def servir(environ: WSGIEnvironment, start_response: StartResponse) -> Any:
        # consultar é barato: só o que pode abrir um checkout disputa vaga
        if environ["REQUEST_METHOD"] != "POST" or not lotado():
            return aplicacao(environ, start_response)
        contar_recusa()
        pagina = prefere_pagina(environ.get("HTTP_ACCEPT", ""))
        recusa = a_navegadores if pagina else a_programas
        tamanho = ("Content-Length", str(len(recusa.content)))
        start_response(f"{recusa.status_code} {recusa.reason_phrase}", [*recusa.items(), tamanho])
        return [recusa.content]

    return servir
