"""Pedidos: a saga vista da porta — desfechos, chave de idempotência, retomada e cancelamento."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from ecommerce.erros import (
    Conflito,
    EntradaInvalida,
    Indisponivel,
    NaoEncontrado,
    PrazoEsgotado,
    Recusado,
)
from ecommerce.mensagens import LinhaEnvio, Preco
from ecommerce.operacoes.models import Operacao
from pedidos.casos_de_uso import (
    NovoPedido,
    cadastrar_cliente,
    cancelar_pedido,
    consultar_pedido,
    criar_pedido,
    entregar_pedido,
    retomar_pedido,
)
from pedidos.dominio import Retrato
from pedidos.models import Cliente, Pedido
from testes.apoio.exemplos import QUANDO, Elo, commits

pytestmark = pytest.mark.django_db(transaction=True)


class Catalogo:
    """Um catálogo com dois produtos, ou nenhum quando está fora."""

    def __init__(self, fora: bool = False) -> None:
        self.fora = fora

    def precos(self, ids: Collection[int]) -> dict[int, Preco]:
        if self.fora:
            raise Indisponivel("fora")
        todos = {1: Preco(1, "Caneca", Decimal("10.00")), 2: Preco(2, "Livro", Decimal("15.00"))}
        return {i: todos[i] for i in ids if i in todos}


class Logistica:
    """Uma logística que entrega, ou levanta o que lhe deram."""

    def __init__(self, erro: Exception | None = None) -> None:
        self.erro = erro

    def entregar(self, pedido_id: int) -> LinhaEnvio:
        if self.erro:
            raise self.erro
        return LinhaEnvio(pedido_id, "PA000000014BR", "entregue", QUANDO)


@pytest.fixture(autouse=True)
def cliente() -> Cliente:
    return Cliente.objects.create(id=1, nome="Ana Souza", email="ana@exemplo.com")


def novo(**mudancas: Any) -> NovoPedido:
    campos: dict[str, Any] = {
        "cliente_id": 1,
        "itens": ((1, 2), (2, 1)),
        "metodo": "pix",
        "token_cartao": None,
    }
    return NovoPedido(**(campos | mudancas))


def comprar(pagamentos: Elo | None = None, chave: str | None = None, **mudancas: Any) -> Retrato:
    return criar_pedido(
        novo=novo(**mudancas), chave=chave, catalogo=Catalogo(), pagamentos=pagamentos or Elo()
    )


def operacoes() -> list[tuple[str, str]]:
    return list(Operacao.objects.order_by("id").values_list("operacao", "resultado"))


def teste_o_preco_vem_do_catalogo_e_o_pedido_termina_enviado() -> None:
    pedido = comprar()
    assert (pedido.status, pedido.valor_total) == ("enviado", Decimal("35.00"))
    assert [i.preco_unitario for i in pedido.itens] == [Decimal("10.00"), Decimal("15.00")]
    assert pedido.nota_fiscal and pedido.envio and pedido.pagamento.status == "aprovado"
    assert consultar_pedido(pedido_id=pedido.id) == pedido
    assert operacoes() == [("criar_pedido", "pendente"), ("concluir_pedido", "enviado")]


@pytest.mark.parametrize(
    ("mudancas", "campo"),
    [
        ({"cliente_id": 0}, "cliente_id"),
        ({"itens": ()}, "itens"),
        ({"itens": tuple((n, 1) for n in range(1, 102))}, "itens"),
        ({"itens": ((1, 0),)}, "itens[0].quantidade"),
        ({"itens": ((1, 1), (2, 1001))}, "itens[1].quantidade"),
        ({"itens": ((1, 1), (1, 2))}, "itens[1].produto_id"),
        ({"itens": ((2**63, 1),)}, "itens[0].produto_id"),
        ({"metodo": "cheque"}, "metodo"),
        ({"token_cartao": "tok_aprovado"}, "cartao.token"),
    ],
)
def teste_entrada_invalida_nomeia_o_campo(mudancas: dict[str, Any], campo: str) -> None:
    with pytest.raises(EntradaInvalida) as erro:
        novo(**mudancas)
    assert list(erro.value.erros) == [campo]


@pytest.mark.parametrize("chave", ["", "x" * 256, "ç", "a\tb"])
def teste_chave_invalida(chave: str) -> None:
    with pytest.raises(EntradaInvalida) as erro:
        comprar(chave=chave)
    assert list(erro.value.erros) == ["Idempotency-Key"]
    assert not Pedido.objects.exists()


@pytest.mark.parametrize(
    ("mudancas", "codigo"),
    [
        ({"cliente_id": 99}, "cliente_inexistente"),
        ({"itens": ((1, 1), (77, 1))}, "produto_inexistente"),
    ],
)
def teste_desconhecidos_sao_recusados_sem_gravar(mudancas: dict[str, Any], codigo: str) -> None:
    with pytest.raises(Recusado) as recusa:
        comprar(**mudancas)
    assert recusa.value.codigo == codigo
    assert not Pedido.objects.exists()


def teste_sem_catalogo_nada_se_grava() -> None:
    with pytest.raises(Indisponivel):
        criar_pedido(novo=novo(), chave="k", catalogo=Catalogo(fora=True), pagamentos=Elo())
    assert not Pedido.objects.exists()


@pytest.mark.parametrize(
    ("codigo", "pagamento"),
    [
        ("pagamento_rejeitado", "rejeitado"),
        ("sem_estoque", "estornado"),
        ("pedido_cancelado", "estornado"),
        ("entrada_invalida", "estornado"),
    ],
)
def teste_recusa_cancela_e_a_chave_repete_a_mesma_recusa(codigo: str, pagamento: str) -> None:
    cadeia = Elo(ao_fazer=Recusado("não", codigo=codigo, situacao=pagamento))
    respostas = []
    for _ in range(2):
        with pytest.raises(Recusado) as recusa:
            comprar(cadeia, chave="k", metodo="cartao_credito", token_cartao="tok_x")
        respostas.append((recusa.value.codigo, recusa.value.detalhe, recusa.value.pedido_id))
    pedido = Pedido.objects.get()
    assert respostas[0] == respostas[1]
    assert respostas[0][0] == codigo and respostas[0][2] == pedido.pk
    assert (pedido.status, pedido.motivo, pedido.pagamento_status) == (
        "cancelado",
        codigo,
        pagamento,
    )
    assert pedido.token_cartao is None
    assert len(cadeia.ouviu) == 1


def teste_quem_recusa_sem_dizer_como_ficou_o_pagamento_nao_disse_nada() -> None:
    retrato = comprar(Elo(ao_fazer=Recusado("não", codigo="sem_estoque")))

    assert (retrato.status, retrato.pagamento.status) == ("pendente", "pendente")


@pytest.mark.parametrize("falta", [Indisponivel("fora"), PrazoEsgotado("tarde")])
def teste_sem_resposta_o_pedido_fica_a_caminho_e_se_retoma(falta: Exception) -> None:
    pedido = comprar(Elo(ao_fazer=falta), chave="k")
    assert pedido.status == "pendente" and not pedido.terminado
    assert comprar(chave="k").status == "pendente"  # a chave não conduz de novo

    assert retomar_pedido(pedido_id=pedido.id, pagamentos=Elo()).status == "enviado"
    assert comprar(chave="k").status == "enviado"
    assert Pedido.objects.count() == 1


def teste_mostra_ate_onde_chegou_e_nunca_anda_para_tras() -> None:
    pedido = comprar(Elo(ao_fazer=Indisponivel("fora", alcancado="nf_emitida")))
    assert (pedido.status, pedido.pagamento.status) == ("nf_emitida", "aprovado")
    perto = Elo(ao_fazer=Indisponivel("fora", alcancado="pagamento_aprovado"))
    assert retomar_pedido(pedido_id=pedido.id, pagamentos=perto).status == "nf_emitida"


def teste_chave_com_outro_corpo() -> None:
    comprar(chave="k")
    with pytest.raises(Recusado) as recusa:
        comprar(chave="k", metodo="boleto")
    assert recusa.value.codigo == "chave_reutilizada"


def teste_chave_em_uso_enquanto_a_primeira_roda_e_livre_depois_do_prazo() -> None:
    pedido = comprar(Elo(ao_fazer=Indisponivel("fora")), chave="k")
    em_curso = Pedido.objects.filter(pk=pedido.id)
    em_curso.update(em_curso_ate=timezone.now() + timedelta(seconds=5))
    with pytest.raises(Conflito) as conflito:
        comprar(chave="k")
    assert (conflito.value.codigo, conflito.value.tentar_em_s) == ("chave_em_uso", 1)

    # o processo morreu: a chave não fica presa
    em_curso.update(em_curso_ate=timezone.now() - timedelta(seconds=1))
    assert comprar(chave="k").status == "pendente"


def teste_a_chave_responde_o_mesmo_corpo_depois_de_entregue_ou_cancelado() -> None:
    primeiro, segundo = comprar(chave="a"), comprar(chave="b")
    entregar_pedido(pedido_id=primeiro.id, logistica=Logistica())
    cancelar_pedido(pedido_id=segundo.id, pagamentos=Elo())
    assert comprar(chave="a") == primeiro
    assert comprar(chave="b") == segundo


def teste_conflito_na_cadeia_desfaz_tudo() -> None:
    cadeia = Elo(ao_fazer=Conflito("outro conteúdo"))
    with pytest.raises(Recusado) as recusa:
        comprar(cadeia)
    assert recusa.value.codigo == "estado_invalido"
    assert [verbo for verbo, _ in cadeia.ouviu] == ["fazer", "desfazer"]


def teste_cancelar_desfaz_e_se_repete_sem_efeito() -> None:
    pedido, cadeia = comprar(), Elo()
    for _ in range(2):
        cancelado = cancelar_pedido(pedido_id=pedido.id, pagamentos=cadeia)
        assert (cancelado.status, cancelado.motivo) == ("cancelado", "cancelado_a_pedido")
    assert cancelado.envio and cancelado.envio.status == "cancelado"
    assert cadeia.ouviu == [("desfazer", pedido.id)]


def teste_cancelar_sem_resposta_fica_cancelando_e_se_retoma() -> None:
    pedido = comprar()
    fora = Elo(ao_desfazer=Indisponivel("fora"))
    assert cancelar_pedido(pedido_id=pedido.id, pagamentos=fora).status == "cancelando"
    assert retomar_pedido(pedido_id=pedido.id, pagamentos=fora).status == "cancelando"
    assert retomar_pedido(pedido_id=pedido.id, pagamentos=Elo()).status == "cancelado"


def teste_a_recusa_que_chega_depois_do_cancelamento_nao_o_atropela() -> None:
    pedido = comprar(Elo(ao_fazer=Indisponivel("fora")))
    cancelar_pedido(pedido_id=pedido.id, pagamentos=Elo(ao_desfazer=Indisponivel("fora")))
    assert retomar_pedido(pedido_id=pedido.id, pagamentos=Elo()).motivo == "cancelado_a_pedido"


def teste_cancelar_o_que_a_logistica_ja_entregou() -> None:
    pedido = comprar()
    entregue = Elo(ao_desfazer=Conflito("já entregue"))
    with pytest.raises(Conflito):
        cancelar_pedido(pedido_id=pedido.id, pagamentos=entregue)
    atual = consultar_pedido(pedido_id=pedido.id)
    assert (atual.status, atual.motivo) == ("entregue", None)


def teste_entregar_so_o_enviado() -> None:
    pedido = comprar()
    with pytest.raises(Indisponivel):
        entregar_pedido(pedido_id=pedido.id, logistica=Logistica(Indisponivel("fora")))
    entregue = entregar_pedido(pedido_id=pedido.id, logistica=Logistica())
    assert entregue.status == "entregue" and entregue.envio and entregue.envio.status == "entregue"
    with pytest.raises(Conflito):
        entregar_pedido(pedido_id=pedido.id, logistica=Logistica())
    with pytest.raises(Conflito):
        cancelar_pedido(pedido_id=pedido.id, pagamentos=Elo())


def teste_retomar_um_terminado_nao_faz_nada() -> None:
    pedido, cadeia = comprar(), Elo()
    assert retomar_pedido(pedido_id=pedido.id, pagamentos=cadeia) == pedido
    assert cadeia.ouviu == []


def teste_pedido_que_nao_existe() -> None:
    with pytest.raises(NaoEncontrado) as falta:
        consultar_pedido(pedido_id=404)
    assert falta.value.pedido_id == 404


def teste_email_tem_um_dono_so() -> None:
    with pytest.raises(EntradaInvalida) as erro:
        cadastrar_cliente(nome="Outra Ana", email="ANA@exemplo.com")
    assert list(erro.value.erros) == ["email"]
    assert Cliente.objects.count() == 1


def teste_um_pedido_custa_dois_commits_e_repetir_a_chave_nenhum() -> None:
    assert commits(lambda: comprar(chave="k")) == 2
    assert commits(lambda: comprar(chave="k")) == 0
