"""O que a cadeia ouve de um pedido, o que fica gravado dele e o que se registra pelo caminho."""

from __future__ import annotations

import pytest

from ecommerce.erros import Conflito, Indisponivel, Recusado
from ecommerce.mensagens import Andamento, LinhaEnvio, Ordem
from ecommerce.operacoes.models import Operacao
from pedidos.casos_de_uso import (
    cadastrar_cliente,
    cancelar_pedido,
    consultar_pedido,
    entregar_pedido,
    retomar_pedido,
)
from pedidos.dominio import EnvioDoPedido, NotaDoPedido
from pedidos.models import Cliente, Pedido
from pedidos.testes.teste_casos_de_uso import Logistica, comprar
from testes.apoio.exemplos import Elo, uma_ordem

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def cliente() -> Cliente:
    return Cliente.objects.create(id=1, nome="Ana Souza", email="ana@exemplo.com")


def operacoes(pedido_id: int | None) -> list[tuple[str, str]]:
    do_pedido = Operacao.objects.filter(pedido_id=pedido_id).order_by("id")
    return list(do_pedido.values_list("operacao", "resultado"))


class Atenta(Elo):
    """Uma cadeia que guarda as ordens que ouviu."""

    def __init__(self, ao_fazer: Exception | None = None) -> None:
        super().__init__(ao_fazer=ao_fazer)
        self.ordens: list[Ordem] = []

    def processar(self, ordem: Ordem) -> Andamento:
        self.ordens.append(ordem)
        return super().processar(ordem)


class LogisticaAtenta(Logistica):
    """Uma logística que guarda o que lhe mandaram entregar; pode cancelar o pedido no meio."""

    def __init__(self, cancela: bool = False) -> None:
        super().__init__()
        self.cancela, self.ouviu = cancela, list[int]()

    def entregar(self, pedido_id: int) -> LinhaEnvio:
        self.ouviu.append(pedido_id)
        if self.cancela:
            cancelar_pedido(pedido_id=pedido_id, pagamentos=Elo())
        return super().entregar(pedido_id)


def teste_a_cadeia_ouve_a_mesma_ordem_em_toda_tentativa_e_o_token_some_no_fim() -> None:
    cartao = {"metodo": "cartao_credito", "token_cartao": "tok_aprovado"}
    cadeia = Atenta(ao_fazer=Indisponivel("fora"))
    pedido = comprar(cadeia, **cartao)
    cadeia.ao_fazer = None
    retomar_pedido(pedido_id=pedido.id, pagamentos=cadeia)
    assert cadeia.ordens == [uma_ordem(pedido.id, **cartao)] * 2
    assert Pedido.objects.get().token_cartao is None


def teste_enviado_mostra_a_nota_e_o_envio_que_a_cadeia_disse() -> None:
    pedido = comprar()
    assert pedido.nota_fiscal == NotaDoPedido("7", "3" * 44)
    assert pedido.envio == EnvioDoPedido("aguardando_envio", "PA000000014BR")


def teste_cancelado_mostra_o_pagamento_estornado_e_a_chave_ainda_responde_o_aprovado() -> None:
    pedido = comprar(chave="k")
    cancelado = cancelar_pedido(pedido_id=pedido.id, pagamentos=Elo())
    assert cancelado.pagamento.status == "estornado"
    assert comprar(chave="k").pagamento.status == "aprovado"


def teste_cada_passo_do_pedido_se_registra() -> None:
    pedido_id = comprar(Elo(ao_fazer=Indisponivel("fora", alcancado="nf_emitida"))).id
    retomar_pedido(pedido_id=pedido_id, pagamentos=Elo())
    entregar_pedido(pedido_id=pedido_id, logistica=Logistica())
    assert operacoes(pedido_id) == [
        ("criar_pedido", "pendente"),
        ("avancar_pedido", "nf_emitida"),
        ("concluir_pedido", "enviado"),
        ("entregar_pedido", "entregue"),
    ]


def teste_anda_um_passo_de_cada_vez_e_parado_nao_se_registra_de_novo() -> None:
    pedido_id = comprar(Elo(ao_fazer=Indisponivel("fora"))).id
    passos = ["pagamento_aprovado", "em_separacao", "nf_emitida"]
    for passo in passos:
        ate_ali = Elo(ao_fazer=Indisponivel("fora", alcancado=passo))
        for _ in range(2):
            assert retomar_pedido(pedido_id=pedido_id, pagamentos=ate_ali).status == passo
    assert operacoes(pedido_id)[1:] == [("avancar_pedido", passo) for passo in passos]


def teste_cada_passo_do_cancelamento_se_registra() -> None:
    pedido_id = comprar().id
    cancelar_pedido(pedido_id=pedido_id, pagamentos=Elo())
    assert operacoes(pedido_id)[2:] == [
        ("cancelar_pedido", "cancelando"),
        ("cancelar_pedido", "cancelado"),
    ]


def teste_a_recusa_se_registra() -> None:
    with pytest.raises(Recusado) as recusa:
        comprar(Elo(ao_fazer=Recusado("não", codigo="sem_estoque", situacao="estornado")))
    assert operacoes(recusa.value.pedido_id) == [
        ("criar_pedido", "pendente"),
        ("cancelar_pedido", "cancelado"),
    ]


def teste_cancelar_o_entregue_de_que_nao_se_soube_do_envio_volta_ao_caminho() -> None:
    # dado um pedido que a logística entregou sem que se soubesse aqui do envio
    pedido_id = comprar(Elo(ao_fazer=Indisponivel("fora", alcancado="em_separacao"))).id
    # quando o cancelam, e a logística diz que não se desfaz
    entregue = Elo(ao_desfazer=Conflito("já entregue"))
    voltou = cancelar_pedido(pedido_id=pedido_id, pagamentos=entregue)
    # então falta saber do envio, e a cadeia, repetida, o diz
    assert (voltou.status, voltou.motivo) == ("nf_emitida", None)
    assert operacoes(pedido_id)[-1] == ("entregar_pedido", "nf_emitida")
    assert retomar_pedido(pedido_id=pedido_id, pagamentos=Elo()).envio is not None


def teste_so_se_manda_entregar_o_que_esta_enviado() -> None:
    enviado, a_caminho = comprar(), comprar(Elo(ao_fazer=Indisponivel("fora")))
    logistica = LogisticaAtenta()
    with pytest.raises(Conflito) as conflito:
        entregar_pedido(pedido_id=a_caminho.id, logistica=logistica)
    assert conflito.value.pedido_id == a_caminho.id
    entregar_pedido(pedido_id=enviado.id, logistica=logistica)
    assert logistica.ouviu == [enviado.id]
    with pytest.raises(Conflito) as conflito:
        cancelar_pedido(pedido_id=enviado.id, pagamentos=Elo())
    assert conflito.value.pedido_id == enviado.id


def teste_cancelado_enquanto_a_logistica_entregava_nao_fica_entregue() -> None:
    pedido_id = comprar().id
    with pytest.raises(Conflito) as conflito:
        entregar_pedido(pedido_id=pedido_id, logistica=LogisticaAtenta(cancela=True))
    assert conflito.value.pedido_id == pedido_id
    assert consultar_pedido(pedido_id=pedido_id).status == "cancelado"


def teste_cadastrar_um_cliente() -> None:
    cliente = cadastrar_cliente(nome="Bia Lima", email="BIA@exemplo.com")
    assert list(Cliente.objects.filter(pk=cliente.pk).values_list("nome", "email")) == [
        ("Bia Lima", "bia@exemplo.com")
    ]
    assert operacoes(None) == [("cadastrar_cliente", "cadastrado")]
