"""O erro como página, para quem o pede de um navegador."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.template import loader

_PROBLEMA = "application/problem+json"
# de cada `codigo`, o título para pessoas e o que fazer agora
_PARA_PESSOAS = {
    "entrada_invalida": (
        "Isto não pôde ser atendido",
        "Volte, corrija o que está indicado e tente de novo.",
    ),
    "nao_autenticado": ("Entre para continuar", "Esta página é da equipe: entre com a sua conta."),
    "nao_permitido": (
        "Você não tem permissão",
        "Volte e recarregue a página. Se o aviso continuar, peça essa permissão a quem administra"
        " o sistema, ou entre com outra conta.",
    ),
    "nao_encontrado": ("Não encontrado", "Confira o endereço, ou comece pela página inicial."),
    "metodo_nao_permitido": (
        "Esta página não se abre assim",
        "Volte e use os botões e os formulários dela.",
    ),
    "tipo_nao_suportado": (
        "Este formato não é atendido",
        "Volte e tente de novo pelos formulários da página.",
    ),
    "grande_demais": (
        "Isto é grande demais",
        "Confira o endereço, ou mande menos de cada vez.",
    ),
    "muitas_requisicoes": (
        "Foram muitas requisições em pouco tempo",
        "Espere um minuto e recarregue a página; quem entra com a sua conta não tem esse limite.",
    ),
    "sobrecarga": ("O serviço está ocupado", "Espere alguns segundos e tente de novo."),
    "indisponivel": ("O serviço não atende agora", "Espere alguns segundos e tente de novo."),
    "prazo_esgotado": ("A resposta demorou demais", "Espere alguns segundos e tente de novo."),
    "erro_interno": (
        "Algo deu errado do nosso lado",
        "Tente de novo daqui a pouco. Se continuar, mostre o rastro abaixo a quem cuida do"
        " sistema.",
    ),
}
_VOLTAR = "Volte à página anterior."
# a página só carrega o estilo daqui, e ninguém a põe dentro de outra
CABECALHOS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src data:;"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
}


def prefere_pagina(accept: str) -> bool:
    """Se quem manda este `Accept` é um navegador: prefere HTML a JSON (RFC 9110, 12.5.1)."""
    if "text/html" not in accept:
        return False
    pedido = HttpRequest()
    pedido.META["HTTP_ACCEPT"] = accept
    formatos = ["application/json", _PROBLEMA, "text/html"]
    return pedido.get_preferred_type(formatos) == "text/html"


def pagina_de_erro(problema: Mapping[str, Any], *, endereco: str = "/", rastro: str = "") -> str:
    """O problema (RFC 9457) em HTML, com o que fazer agora.

    `endereco` é o que se pedia, para onde se volta depois de entrar; `rastro`, o trace id.
    """
    codigo = problema["codigo"]
    titulo, conselho = _PARA_PESSOAS.get(codigo, (problema["title"], _VOLTAR))
    contexto = {
        "servico": settings.NOME_DO_SERVICO,
        "icone": settings.UNFOLD["SITE_FAVICONS"][0]["href"],
        "problema": problema,
        # um campo pode chamar-se como um método de dict, que o template tomaria por ele
        "erros": [*problema.get("erros", {}).items()],
        "titulo": titulo,
        "conselho": conselho,
        "entrar": f"{settings.LOGIN_URL}?{urlencode({'next': endereco}, safe='/')}",
        "rastro": rastro or problema.get("trace_id"),
    }
    return loader.get_template("erro.html").render(contexto)
