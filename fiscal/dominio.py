"""Estados de uma nota e a chave de acesso da NF-e.

Leiaute da chave: Manual de Orientação do Contribuinte (SEFAZ), NF-e 4.00, seção 2.2.6.
"""

from __future__ import annotations

import enum
import secrets
from datetime import datetime
from zoneinfo import ZoneInfo


class Status(enum.StrEnum):
    EMITIDA = "emitida"
    CANCELADA = "cancelada"


TRANSICOES: dict[Status, tuple[Status, ...]] = {
    Status.EMITIDA: (Status.CANCELADA,),
    Status.CANCELADA: (),
}
CANCELAVEIS = tuple(de for de in Status if Status.CANCELADA in TRANSICOES[de])

UF_SAO_PAULO = 35  # código do IBGE
CNPJ_EMITENTE = "11222333000181"  # o CNPJ de exemplo de sempre, com dígitos verificadores válidos
MODELO_NFE = 55
EMISSAO_NORMAL = 1
SERIE = 1  # a primeira; a seguinte começa quando os números de uma acabam
NUMERO_MAXIMO = 999_999_999  # o `nNF` tem nove dígitos
FUSO_EMITENTE = ZoneInfo("America/Sao_Paulo")
# os `cNF` que qualquer um adivinharia: 00000000 a 99999999, e 01234567 a 90123456
CODIGOS_PROIBIDOS = frozenset(
    int("".join(str((primeiro + passo * i) % 10) for i in range(8)))
    for primeiro in range(10)
    for passo in (0, 1)
)


def sortear_codigo(numero: int) -> int:
    """O `cNF` da nota deste número: oito dígitos ao acaso, dos que a SEFAZ aceita."""
    return codigo_aceito(secrets.randbelow(10**8), numero)


def codigo_aceito(codigo: int, numero: int) -> int:
    """O próprio `cNF`, ou o seguinte que serve: nem o número da nota, nem um dos proibidos.

    NT 2019.001, regra B03-10 (rejeição 897).
    """
    while codigo == numero or codigo in CODIGOS_PROIBIDOS:
        codigo = (codigo + 1) % 10**8
    return codigo


def chave_de_acesso(*, serie: int, numero: int, emitida_em: datetime, codigo: int) -> str:
    """Os 44 dígitos: UF, AAMM, CNPJ, modelo, série, número, tipo de emissão, cNF e dígito."""
    corpo = (
        f"{UF_SAO_PAULO:02d}{emitida_em.astimezone(FUSO_EMITENTE):%y%m}{CNPJ_EMITENTE}"
        f"{MODELO_NFE:02d}{serie:03d}{numero:09d}{EMISSAO_NORMAL}{codigo:08d}"
    )
    return corpo + str(digito_verificador(corpo))


def digito_verificador(corpo: str) -> int:
    """Módulo 11 com pesos 2 a 9 da direita para a esquerda; resto 0 ou 1 dá dígito 0."""
    soma = sum(int(d) * (2 + i % 8) for i, d in enumerate(reversed(corpo)))
    resto = soma % 11
    return 0 if resto < 2 else 11 - resto
