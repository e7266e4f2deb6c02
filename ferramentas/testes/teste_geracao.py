"""O que se inventa nos dados de exemplo vale para os seis serviços."""

from __future__ import annotations

import random
from typing import Any

import pytest

from ecommerce.textos import validar_email, validar_nome, validar_produto
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


def teste_todo_cliente_e_todo_produto_inventado_cabe_numa_nota() -> None:
    for semente in (1, 2):
        loja = gerar(semente, Tamanhos(clientes=2000, produtos=2000, pedidos=1))
        for cliente in loja.clientes:
            erros = validar_nome(cliente.nome, "nome") | validar_email(cliente.email, "email")
            assert erros == {}, cliente
        assert not any(validar_produto(produto.nome, "nome") for produto in loja.produtos)
