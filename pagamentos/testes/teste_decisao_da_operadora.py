"""O que a operadora simulada decide, e quanto demora."""

from __future__ import annotations

import random

import pytest

from pagamentos.operadora.dominio import Decisao, decidir, falta_s


@pytest.mark.parametrize(
    ("metodo", "token", "aprovado", "espera_s"),
    [
        ("pix", None, True, 0.0),
        ("boleto", None, True, 0.0),
        ("cartao_credito", None, True, 0.0),
        ("cartao_credito", "tok_aprovado", True, 0.0),
        ("cartao_credito", "tok_lento", True, 3.0),
        ("cartao_credito", "tok_recusado", False, 0.0),
    ],
)
def teste_o_que_a_operadora_decide(
    metodo: str, token: str | None, aprovado: bool, espera_s: float
) -> None:
    assert decidir(metodo, token, "rapida") == Decisao(aprovado, espera_s)


def teste_como_no_enunciado_um_em_dez_e_recusado_e_todos_demoram() -> None:
    random.seed(11)
    decisoes = [decidir("pix", None, "enunciado") for _ in range(3000)]
    recusados = sum(not decisao.aprovado for decisao in decisoes)
    assert 240 < recusados < 360
    esperas = [decisao.espera_s for decisao in decisoes]
    assert 0.5 <= min(esperas) < 0.6 and 1.4 < max(esperas) <= 1.5
    assert decidir("cartao_credito", "tok_lento", "enunciado").espera_s >= 3.5


@pytest.mark.parametrize(
    ("passaram_s", "falta"), [(0, 3), (1, 2), (3, 0), (3600, 0), (-1, 0), (-3600, 0)]
)
def teste_nunca_se_espera_mais_que_a_demora_por_mais_que_o_relogio_salte(
    passaram_s: float, falta: float
) -> None:
    assert falta_s(3, passaram_s) == falta
