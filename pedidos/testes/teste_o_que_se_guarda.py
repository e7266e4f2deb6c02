"""O que a cadeia recusaria é recusado antes de guardado, com o campo que o cliente mandou."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

import pytest

from ecommerce.erros import EntradaInvalida, Indisponivel
from ecommerce.mensagens import Preco
from pedidos import casos_de_uso
from pedidos.casos_de_uso import criar_pedido
from pedidos.models import Cliente, Pedido
from pedidos.testes.teste_casos_de_uso import cliente, comprar, novo
from testes.apoio.exemplos import Elo

__all__ = ["cliente"]
pytestmark = pytest.mark.django_db(transaction=True)


class CatalogoEstranho:
    """Um catálogo que diz de todos o mesmo nome e o mesmo preço."""

    def __init__(self, nome: str, preco: str) -> None:
        self.nome, self.preco = nome, Decimal(preco)

    def precos(self, ids: Collection[int]) -> dict[int, Preco]:
        return {i: Preco(i, self.nome, self.preco) for i in ids}


@pytest.mark.parametrize(
    ("nome", "preco", "campos"),
    [
        ("Iate", "999999.99", ["itens"]),  # cada um cabe, e a soma não
        ("", "1.00", [f"itens[{n}].produto_id" for n in range(11)]),
        ("x" * 121, "1.00", [f"itens[{n}].produto_id" for n in range(11)]),
        ("Brinde", "0.00", [f"itens[{n}].produto_id" for n in range(11)]),
    ],
)
def teste_o_que_a_cadeia_recusaria_nem_se_guarda(nome: str, preco: str, campos: list[str]) -> None:
    cadeia, itens = Elo(), tuple((produto, 1000) for produto in range(1, 12))
    with pytest.raises(EntradaInvalida) as recusa:
        criar_pedido(
            novo=novo(itens=itens),
            chave="k",
            catalogo=CatalogoEstranho(nome, preco),
            pagamentos=cadeia,
        )
    assert list(recusa.value.erros) == campos
    assert not Pedido.objects.exists() and not cadeia.ouviu


def teste_um_cliente_que_a_cadeia_recusaria_e_dito_pelo_campo_que_se_mandou() -> None:
    Cliente.objects.update(email="a" * 61)
    with pytest.raises(EntradaInvalida) as recusa:
        comprar(Elo())
    assert list(recusa.value.erros) == ["cliente_id"]
    assert not Pedido.objects.exists()


def teste_acabados_os_numeros_nada_se_guarda_nem_se_cobra(monkeypatch: pytest.MonkeyPatch) -> None:
    cadeia = Elo()
    ultimo = comprar(cadeia).id + 1
    monkeypatch.setattr(casos_de_uso, "PEDIDO_MAXIMO", ultimo)
    assert comprar(cadeia).id == ultimo
    for _ in range(2):
        with pytest.raises(Indisponivel):
            comprar(cadeia, chave="k")
    assert Pedido.objects.count() == 2
    assert cadeia.ouviu == [("fazer", ultimo - 1), ("fazer", ultimo)]
