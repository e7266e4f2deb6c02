"""O que a schemathesis não tem como saber pelo esquema, e sem o que ela só ouviria 400."""

from __future__ import annotations

import secrets
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import schemathesis
from schemathesis import Case, GenerationMode, HookContext

TAMANHO_MAXIMO = 3000


@schemathesis.hook
def filter_query(context: HookContext, query: dict[str, Any] | None) -> bool:
    """Deixa de fora o filtro vazio, que o formulário manda quando não se filtra por ele, o NUL,
    que texto nenhum admite, e a linha que o gunicorn recusa (414) antes que o serviço a veja."""
    query = query or {}
    textos = [valor for valor in query.values() if isinstance(valor, str)]
    grande = len(urlencode(query, doseq=True)) > TAMANHO_MAXIMO
    return not grande and all(texto and "\0" not in texto for texto in textos)


@schemathesis.hook
def before_call(context: HookContext, case: Case, kwargs: dict[str, Any]) -> None:
    """Põe nos casos válidos as regras entre campos; os inválidos ficam como estão."""
    if case.meta is None or case.meta.generation.mode != GenerationMode.POSITIVE:
        return
    case.query.pop("cursor", None)  # só vale o que veio de `next` ou `previous`
    if isinstance(case.body, dict):
        _acertar(case.body)


def _acertar(corpo: dict[str, Any]) -> None:
    if "email" in corpo:
        corpo |= {"nome": "Ana Souza", "email": f"ana-{secrets.token_hex(8)}@exemplo.com"}
    if corpo.get("metodo") != "cartao_credito":
        corpo.pop("cartao", None)
        corpo.pop("token_cartao", None)
    if corpo.get("cartao"):
        corpo["cartao"]["token"] = _sem_nul(corpo["cartao"]["token"])
    if corpo.get("token_cartao"):
        corpo["token_cartao"] = _sem_nul(corpo["token_cartao"])
    for posicao, item in enumerate(corpo.get("itens", ())):
        item["produto_id"] = posicao + 1
    if "valor_total" in corpo:
        _acertar_ordem(corpo)


def _sem_nul(texto: str) -> str:
    """O token sem o NUL, que texto nenhum admite; só de espaços, seria um texto vazio."""
    return texto.replace("\0", "").strip() or "tok_inventado"


def _acertar_ordem(ordem: dict[str, Any]) -> None:
    ordem["cliente"] |= {"nome": "Ana Souza", "email": "ana@exemplo.com"}
    for item in ordem["itens"]:
        item |= {"nome": "Caneca", "preco_unitario": "12.90"}
    ordem["valor_total"] = str(
        sum(Decimal("12.90") * item["quantidade"] for item in ordem["itens"])
    )
