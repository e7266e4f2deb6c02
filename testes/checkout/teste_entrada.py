"""A entrada de peças pelas duas portas do estoque: com a mesma chave, uma vez só."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from laboratorio.sistema.processos import Sistema
from testes.apoio.entradas import Dar, duas_portas, vinte_ao_mesmo_tempo


@pytest.fixture
def portas(sistema: Sistema) -> Iterator[tuple[Dar, Dar]]:
    with duas_portas(sistema) as abertas:
        yield abertas


def teste_repetida_por_qualquer_porta_a_resposta_e_a_mesma(
    sistema: Sistema, portas: tuple[Dar, Dar]
) -> None:
    for produto, (primeira, segunda) in enumerate((portas, portas[::-1]), start=801):
        chave = f"repetida-{produto}"
        assert primeira(produto, 5, chave) == (produto, 5, 0, 5)
        assert primeira(produto, 1, None) == (produto, 6, 0, 6)
        assert segunda(produto, 5, chave) == primeira(produto, 5, chave) == (produto, 5, 0, 5)
        for outra in ((produto, 6, chave), (produto + 10, 5, chave)):
            assert primeira(*outra) == segunda(*outra) == ("chave_reutilizada", ())
        assert sistema.ler("estoque", f"/estoque/{produto}")["entradas"] == 6


@pytest.mark.parametrize("chave", ["", "x" * 256])
def teste_uma_chave_torta_e_dita_pelas_duas_portas(portas: tuple[Dar, Dar], chave: str) -> None:
    for dar in portas:
        assert dar(803, 5, chave) == ("entrada_invalida", ("Idempotency-Key",))


def teste_espacos_no_fim_nao_sao_da_chave(sistema: Sistema, portas: tuple[Dar, Dar]) -> None:
    for dar in portas:
        assert dar(804, 5, "espacos") == dar(804, 5, "espacos  ") == (804, 5, 0, 5)


def teste_vinte_ao_mesmo_tempo_com_a_mesma_chave_entram_uma_vez(sistema: Sistema) -> None:
    for produto in range(820, 825):
        assert vinte_ao_mesmo_tempo(sistema, produto) == {(produto, 7, 0, 7)}
        assert sistema.ler("estoque", f"/estoque/{produto}")["entradas"] == 7


def teste_a_chave_vale_depois_de_um_kill_9(novo_sistema: Callable[..., Sistema]) -> None:
    sistema = novo_sistema()
    sistema.iniciar("estoque", "estoque-grpc")
    with duas_portas(sistema) as portas:
        assert portas[0](801, 5, "uma") == portas[1](801, 5, "uma") == (801, 5, 0, 5)
    for nome in ("estoque", "estoque-grpc"):
        sistema.matar(nome)
    sistema.iniciar("estoque", "estoque-grpc")
    with duas_portas(sistema) as portas:
        assert portas[0](801, 5, "uma") == portas[1](801, 5, "uma") == (801, 5, 0, 5)
