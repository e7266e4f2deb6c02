"""Números e datas como se escrevem em português: vírgula decimal, ponto nos milhares."""

from __future__ import annotations

from datetime import datetime

_TROCA = str.maketrans(",.", ".,")


def numero(valor: float | None, casas: int | None = None) -> str:
    """O número com `casas` decimais, ou com três algarismos que dizem algo; `—` se não há."""
    if valor is None:
        return "—"
    if casas is None:
        casas = 0 if abs(valor) >= 100 or valor == int(valor) else 1 if abs(valor) >= 10 else 2
    return f"{valor:,.{casas}f}".translate(_TROCA)


def marca(valor: float) -> str:
    """O número de uma marca de eixo: só as casas que tem."""
    return f"{valor:,.10g}".translate(_TROCA)


def por_cento(fracao: float | None, casas: int = 0) -> str:
    """Uma fração de 1 em porcentagem."""
    return "—" if fracao is None else f"{numero(fracao * 100, casas)} %"


def duracao(segundos: float) -> str:
    """Segundos como se dizem: `45 s`, `12 min 30 s`."""
    minutos, resto = divmod(round(segundos), 60)
    return f"{minutos} min {resto} s" if minutos else f"{resto} s"


def quando(iso: str) -> str:
    """Um instante ISO 8601 como `23/11/2026 11:00 UTC`."""
    instante = datetime.fromisoformat(iso)
    return f"{instante:%d/%m/%Y %H:%M} {instante.tzname() or ''}".strip()


def lista(nomes: list[str]) -> str:
    """`a`, `a e b`, `a, b e c`."""
    *comeco, fim = nomes or [""]
    return f"{', '.join(comeco)} e {fim}" if comeco else fim


def acentuado(texto: str) -> str:
    """Um texto com nomes de serviços, ou de processos deles, como se escreve para gente."""
    return texto.replace("catalogo", "catálogo").replace("logistica", "logística")
