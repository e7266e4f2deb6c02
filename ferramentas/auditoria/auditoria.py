"""Auditar: uma leitura de todos os pedidos, e no fim o estoque e a numeração."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

from django.utils import timezone

from ferramentas.auditoria.laudo import IDS_MAXIMOS, Laudo
from ferramentas.auditoria.notas import Numeradas, conferir_numeracao
from ferramentas.auditoria.pecas import Pecas, conferir_pecas, ultima_operacao
from ferramentas.auditoria.quadro import RECURSOS, Quadro, ler_quadros, reler
from ferramentas.auditoria.regras import Motivos, Regra, regras


def auditar(limite_s: int, avisar: Callable[[int], None]) -> Laudo:
    """Confere I1 a I4, I6, I7, I9 e I10; pedidos inacabados há mais de `limite_s` violam I6.

    `avisar` recebe o número de cada pedido lido, do maior ao menor. Levanta Indisponivel se um
    serviço não responde, ou responde o que não se entende.
    """
    laudo, numeracao = Laudo(), Numeradas()
    das_regras = regras(limite_s, timezone.now())
    pecas = Pecas(desde=ultima_operacao())
    with ThreadPoolExecutor(len(RECURSOS)) as executor:
        for quadro in ler_quadros(executor):
            avisar(quadro.pedido_id)
            if quadro.separacao:
                pecas.contar(quadro.separacao)
            if quadro.nota:
                numeracao.contar(quadro.nota)
            _conferir(quadro, das_regras, laudo)
    for produto_id, motivos in conferir_pecas(pecas):
        laudo.invariantes["I1"].anotar(produto_id, motivos)
    # um número que salta para longe deixa um buraco sem fim, e basta mostrar o começo dele
    for numero, motivos in islice(conferir_numeracao(numeracao), IDS_MAXIMOS):
        laudo.invariantes["I9"].anotar(numero, motivos)
    laudo.invariantes["I9"].conferidos = numeracao.quantas
    return laudo


def _conferir(quadro: Quadro, das_regras: dict[str, Regra], laudo: Laudo) -> None:
    """Aplica as regras ao pedido. O que parece errado é lido de novo: pode ter mudado no meio."""
    motivos = _aplicar(quadro, das_regras)
    if any(motivos.values()):
        quadro = reler(quadro)
        motivos = _aplicar(quadro, das_regras)
    laudo.pedidos += quadro.pedido is not None
    for nome, achados in motivos.items():
        if achados is not None:
            laudo.invariantes[nome].anotar(quadro.pedido_id, achados)


def _aplicar(quadro: Quadro, das_regras: dict[str, Regra]) -> dict[str, Motivos]:
    return {nome: regra(quadro) for nome, regra in das_regras.items()}
