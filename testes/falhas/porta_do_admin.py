"""Quem força a porta do admin com gente comprando."""

from __future__ import annotations

import time

from laboratorio.sistema.processos import esperar
from testes.apoio.adivinhos import adivinhando
from testes.apoio.clientela import Compra, carga_leve
from testes.apoio.portas import Porta
from testes.falhas.bancada import Bancada, no_prazo


def senha_adivinhada(bancada: Bancada, porta: Porta) -> list[Compra]:
    """Dezesseis clientes tentam senhas sem parar: poucas se conferem, e quem compra não espera."""
    with adivinhando(bancada.sistema, "pedidos") as ouvidas, carga_leve(porta) as compras:
        esperar(lambda: ouvidas[429], 30, "a primeira recusa")
        time.sleep(2)
    assert ouvidas[200] <= 5
    assert not any(compra.interrompida for compra in compras)
    return no_prazo(compras)
