"""A saga de pedidos quando dois processos mexem no mesmo pedido."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ecommerce.erros import Conflito, Indisponivel
from ecommerce.mensagens import Andamento, Ordem
from pedidos.casos_de_uso import consultar_pedido, retomar_pedido
from pedidos.models import Cliente, Pedido
from pedidos.saga import desfazer, marcar_cancelando
from pedidos.testes.teste_casos_de_uso import comprar
from testes.apoio.exemplos import Elo, um_andamento

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def cliente() -> Cliente:
    return Cliente.objects.create(id=1, nome="Ana Souza", email="ana@exemplo.com")


@pytest.mark.parametrize("faltou", ["nota", "pagamento", "envio"])
def teste_sem_um_dos_passos_na_resposta_o_pedido_nao_esta_enviado(faltou: str) -> None:
    completo = um_andamento()
    sem_rastreamento = replace(completo.envio, codigo_rastreamento=None)
    falta: dict[str, Any] = {faltou: sem_rastreamento if faltou == "envio" else None}

    class Incompleto(Elo):
        def processar(self, ordem: Ordem) -> Andamento:
            return replace(completo, **falta)

    retrato = comprar(Incompleto())
    assert (retrato.status, retrato.envio) == ("pendente", None)


@pytest.mark.parametrize(
    ("volta", "status", "envio"),
    [(Elo(), "cancelado", "cancelado"), (Elo(ao_desfazer=Conflito("x")), "entregue", "entregue")],
)
def teste_cancelar_com_uma_leitura_de_antes_do_envio(volta: Elo, status: str, envio: str) -> None:
    # dado um pedido lido ainda a caminho, que outro processo leva ao envio
    pedido_id = comprar(Elo(ao_fazer=Indisponivel("fora"))).id
    velho = Pedido.objects.get(pk=pedido_id)
    retomar_pedido(pedido_id=pedido_id, pagamentos=Elo())
    # quando quem o leu antes o cancela
    marcar_cancelando(velho, "cancelado_a_pedido")
    desfazer(velho, volta)
    # então vale o envio que houve
    atual = consultar_pedido(pedido_id=pedido_id)
    assert (atual.status, atual.envio and atual.envio.status) == (status, envio)
