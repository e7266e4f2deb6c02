"""A chave de idempotência quando a requisição se repete cedo demais, ou as duas ao mesmo tempo."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pytest

from ecommerce.contexto import iniciar
from ecommerce.erros import Conflito, Indisponivel, Recusado
from ecommerce.mensagens import Andamento, Ordem, Preco
from pedidos.casos_de_uso import cancelar_pedido, criar_pedido
from pedidos.dominio import Retrato
from pedidos.models import Cliente, Pedido
from pedidos.testes.teste_casos_de_uso import Catalogo, comprar, novo
from testes.apoio.exemplos import Elo

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def cliente() -> Cliente:
    return Cliente.objects.create(id=1, nome="Ana Souza", email="ana@exemplo.com")


class Olhada(Elo):
    """Uma cadeia que, antes de responder, vê como está o pedido."""

    def processar(self, ordem: Ordem) -> Andamento:
        self.pedido = Pedido.objects.get(pk=ordem.pedido_id)
        return super().processar(ordem)


class Repetida(Elo):
    """Uma cadeia tão demorada que o cliente repete a requisição antes de ela responder."""

    def processar(self, ordem: Ordem) -> Andamento:
        with pytest.raises(Conflito) as conflito:
            comprar(chave="k")
        self.conflito = conflito.value
        return super().processar(ordem)


class CatalogoComOutraNoMeio(Catalogo):
    """Enquanto este diz os preços, a mesma requisição, repetida, chega ao fim."""

    outra: Retrato

    def precos(self, ids: Collection[int]) -> dict[int, Preco]:
        self.outra = comprar(chave="k")
        return super().precos(ids)


def teste_enquanto_a_cadeia_nao_responde_a_chave_esta_em_uso() -> None:
    cadeia = Repetida()
    pedido = comprar(cadeia, chave="k")
    assert (cadeia.conflito.codigo, cadeia.conflito.pedido_id) == ("chave_em_uso", pedido.id)
    assert Pedido.objects.count() == 1
    assert Pedido.objects.get().em_curso_ate is None  # e no fim fica livre


@pytest.mark.parametrize(("prazo_ms", "em_curso"), [(10_000, True), (0, False)])
def teste_a_chave_fica_presa_so_ate_o_prazo_da_requisicao(prazo_ms: int, em_curso: bool) -> None:
    iniciar("rest", prazo_ms=prazo_ms)
    cadeia = Olhada()
    comprar(cadeia, chave="k")
    assert cadeia.pedido.em_curso == em_curso


def teste_de_duas_requisicoes_ao_mesmo_tempo_so_uma_vira_pedido() -> None:
    catalogo, cadeia = CatalogoComOutraNoMeio(), Elo()
    pedido = criar_pedido(novo=novo(), chave="k", catalogo=catalogo, pagamentos=cadeia)
    assert pedido == catalogo.outra
    assert cadeia.ouviu == []
    assert Pedido.objects.count() == 1


def teste_ao_mesmo_tempo_e_com_outro_corpo_a_segunda_e_recusada() -> None:
    with pytest.raises(Recusado) as recusa:
        criar_pedido(
            novo=novo(metodo="boleto"),
            chave="k",
            catalogo=CatalogoComOutraNoMeio(),
            pagamentos=Elo(),
        )
    assert recusa.value.codigo == "chave_reutilizada"
    assert Pedido.objects.get().metodo == "pix"


CARTAO: dict[str, Any] = {"metodo": "cartao_credito", "token_cartao": "tok_aprovado"}


@pytest.mark.parametrize(
    "mudanca",
    [
        {"cliente_id": 2},
        {"itens": ((1, 2), (2, 2))},
        {"itens": ((1, 2),)},
        {"token_cartao": "tok_lento"},
        {"token_cartao": None},
        {"metodo": "pix", "token_cartao": None},
    ],
)
def teste_a_chave_nomeia_um_corpo_so(mudanca: dict[str, Any]) -> None:
    Cliente.objects.create(id=2, nome="Bia Lima", email="bia@exemplo.com")
    comprar(chave="k", **CARTAO)
    with pytest.raises(Recusado) as recusa:
        comprar(chave="k", **(CARTAO | mudanca))
    assert recusa.value.codigo == "chave_reutilizada"
    assert Pedido.objects.count() == 1


def teste_quem_repete_a_chave_nao_precisa_do_catalogo() -> None:
    pedido = comprar(chave="k")
    de_novo = criar_pedido(novo=novo(), chave="k", catalogo=Catalogo(fora=True), pagamentos=Elo())
    assert de_novo == pedido


def teste_a_chave_de_um_pedido_cancelado_antes_do_envio_responde_que_o_foi() -> None:
    pedido = comprar(Elo(ao_fazer=Indisponivel("fora")), chave="k")
    cancelar_pedido(pedido_id=pedido.id, pagamentos=Elo())
    with pytest.raises(Recusado) as recusa:
        comprar(chave="k")
    recusado = recusa.value
    assert (recusado.codigo, recusado.pedido_id) == ("pedido_cancelado", pedido.id)
    assert recusado.detalhe == "O pedido foi cancelado."


def teste_a_maior_chave_serve() -> None:
    assert comprar(chave="x" * 255).status == "enviado"
