"""O que responde o próprio servidor, quando a requisição não chega ao Django."""

from __future__ import annotations

import re
from http import HTTPStatus

from gunicorn.http import errors as do_gunicorn  # type: ignore[import-untyped]

from ecommerce.contexto import iniciar
from ecommerce.erros import EntradaInvalida
from ecommerce.transporte.rest.erros import descrever, em_json, em_pagina, so_http
from ecommerce.transporte.rest.paginas.erro import prefere_pagina

FIM_DA_CABECA = re.compile(rb"\r?\n\r?\n")
_ACCEPT = re.compile(rb"^accept:[ \t]*([^\r\n]*)\r?\n", re.IGNORECASE | re.MULTILINE)
_STATUS = {
    do_gunicorn.LimitRequestLine: 414,
    do_gunicorn.LimitRequestHeaders: 431,
    do_gunicorn.ExpectationFailed: 417,
    do_gunicorn.UnsupportedTransferCoding: 501,
    # a aplicação é que escreveu mal
    do_gunicorn.InvalidResponseHeader: 500,
    do_gunicorn.InvalidResponseHeaderName: 500,
    do_gunicorn.ParseException: 400,
}
_DETALHES = {
    408: "A requisição não chegou inteira no tempo que se espera por ela.",
    414: "O endereço é longo demais.",
    417: "O que se espera em Expect não é atendido.",
    431: "Os cabeçalhos são grandes demais.",
    501: "A codificação de transferência (Transfer-Encoding) não é atendida.",
}


def resposta_ao_erro(erro: Exception, accept: str | None) -> bytes:
    """A resposta inteira ao que o gunicorn não soube ler; o erro que não é dele é um defeito."""
    status = next((status for tipo, status in _STATUS.items() if isinstance(erro, tipo)), 500)
    if status != 500:
        return resposta_do_servidor(status, accept)
    iniciar("rest", prazo_ms=0)  # um rastro, que a resposta e o log dizem
    return _em_bytes(*descrever(erro), accept)


def resposta_do_servidor(status: int, accept: str | None) -> bytes:
    """A resposta HTTP/1.1 inteira, depois da qual a conexão se fecha.

    `accept` é o da requisição, se chegou a ser lido (`accept_de`).
    """
    if status == 400:
        malfeita = EntradaInvalida({"requisicao": ["Não é HTTP/1.1 bem formado."]})
        return _em_bytes(*descrever(malfeita), accept)
    return _em_bytes(so_http(status, _DETALHES[status]), {}, accept)


def accept_de(chegado: bytes) -> str | None:
    """O `Accept` do que chegou de uma requisição, se ele está ali."""
    fim = FIM_DA_CABECA.search(chegado)
    achado = _ACCEPT.search(chegado, 0, fim.end() if fim else len(chegado))
    return achado[1].decode("latin-1") if achado else None


def _em_bytes(corpo: dict[str, object], cabecalhos: dict[str, str], accept: str | None) -> bytes:
    em_que_forma = em_pagina if prefere_pagina(accept or "") else em_json
    resposta = em_que_forma(corpo, cabecalhos)
    situacao = HTTPStatus(resposta.status_code)
    linhas = [f"HTTP/1.1 {situacao.value} {situacao.phrase}"]
    fim = {"Content-Length": len(resposta.content), "Connection": "close"}
    linhas += [f"{nome}: {valor}" for nome, valor in [*resposta.items(), *fim.items()]]
    return "\r\n".join([*linhas, "", ""]).encode() + resposta.content
