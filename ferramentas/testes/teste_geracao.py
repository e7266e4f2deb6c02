"""O que se inventa nos dados de exemplo vale para os seis serviços."""

from __future__ import annotations

import random
from typing import Any

import pytest

from ferramentas.dados_de_exemplo.geracao import Tamanhos, gerar
from ferramentas.dados_de_exemplo.historia import Historia

sortear = random.Random.randrange


def teste_uma_nota_inventada_nao_leva_um_codigo_proibido(monkeypatch: pytest.MonkeyPatch) -> None:
    def azarado(sorte: random.Random, *limites: Any) -> int:
        return 11_111_111 if limites == (10**8,) else sortear(sorte, *limites)

    monkeypatch.setattr(random.Random, "randrange", azarado)
    eventos = list(gerar(1, Tamanhos(pedidos=10)).eventos)
    chaves = [e.nota.chave_acesso for e in eventos if isinstance(e, Historia) and e.nota]
    assert {chave and chave[35:43] for chave in chaves} == {"11111112"}
