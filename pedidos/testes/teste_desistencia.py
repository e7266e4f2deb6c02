"""Desistir: conta o que se tentou, e não as horas; e nenhum relógio estica uma espera."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from ecommerce.erros import Conflito, Indisponivel
from ecommerce.mensagens import Andamento, Ordem
from ecommerce.operacoes.models import Operacao
from pedidos.casos_de_uso import cancelar_pedido
from pedidos.models import Cliente, Pedido
from pedidos.retomada import por_retomar, tentar_de_novo
from pedidos.testes.teste_casos_de_uso import comprar
from pedidos.testes.teste_retomada import inacabado, passar
from testes.apoio.exemplos import Elo

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def cliente() -> Cliente:
    return Cliente.objects.create(id=1, nome="Ana Souza", email="ana@exemplo.com")


class Queda(BaseException):
    """O fim do processo no meio do que fazia: nada do que vem depois acontece."""


class Lento(Elo):
    """Demora (s), e não responde."""

    def __init__(self, segundos: float) -> None:
        super().__init__(ao_fazer=Indisponivel("fora"))
        self._segundos = segundos

    def processar(self, ordem: Ordem) -> Andamento:
        time.sleep(self._segundos)
        return super().processar(ordem)


def teste_depois_de_tentar_muito_desiste_e_desfaz() -> None:
    pedido_id, cadeia = inacabado(), Elo()
    Pedido.objects.update(tentado_s=900.1)  # DESISTIR_APOS_S é 900
    retrato = tentar_de_novo(pedido_id, {"rest": cadeia})
    assert retrato and (retrato.status, retrato.motivo) == ("cancelado", "desistencia")
    assert cadeia.ouviu == [("desfazer", pedido_id)]
    assert list(Operacao.objects.order_by("id").values_list("resultado", flat=True))[1:] == [
        "cancelando",
        "cancelado",
    ]


def teste_ate_ai_insiste_ainda_que_o_pedido_seja_velho() -> None:
    pedido_id = inacabado()
    Pedido.objects.update(tentado_s=900)
    passar(30 * 86_400)  # desligado, suspenso ou com o relógio adiantado: ninguém tentou
    retrato = tentar_de_novo(pedido_id, {"rest": Elo()})
    assert retrato and retrato.status == "enviado"


def teste_conta_o_que_duram_as_tentativas_e_as_esperas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "PRAZO_CHECKOUT_MS", 1000)
    pedido_id, contado = inacabado(), 0.0
    for durou in (0.3, 0.6):
        tentar_de_novo(pedido_id, {"rest": Lento(durou)})
        pedido = Pedido.objects.get()
        assert pedido.retomar_em and pedido.adiado_em
        contado += durou + (pedido.retomar_em - pedido.adiado_em).total_seconds()
        assert contado <= pedido.tentado_s < contado + 0.2
        contado = pedido.tentado_s
        passar(10)


def teste_um_processo_congelado_no_meio_nao_tenta_mais_que_o_prazo(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(settings, "PRAZO_CHECKOUT_MS", 100)
    tentar_de_novo(inacabado(), {"rest": Lento(1.2)})
    assert Pedido.objects.get().tentado_s <= 0.1 + 0.5  # o prazo e a primeira espera


def teste_ate_o_pedido_que_derruba_quem_o_tenta_chega_ao_fim(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(settings, "DESISTIR_APOS_S", 5)
    pedido_id, quedas = inacabado(), 0
    while quedas < 20:
        try:
            tentar_de_novo(pedido_id, {"rest": Elo(ao_fazer=Queda())})  # type: ignore[arg-type]
            break
        except Queda:
            quedas += 1
            pedido = Pedido.objects.get()
            assert pedido.retomar_em and pedido.adiado_em
            assert pedido.retomar_em - pedido.adiado_em == timedelta(seconds=10)  # a reserva
            passar(10)
    assert 4 <= quedas <= 5  # 0,5 + 1 + 2 + 4 s no máximo, e a metade disso no mínimo
    assert Pedido.objects.get().motivo == "desistencia"


def teste_o_que_ja_foi_entregue_nao_se_desiste_dele() -> None:
    # dado um envio que a logística entregou sem que pedidos soubesse dele
    pedido_id = inacabado()
    Pedido.objects.update(tentado_s=901)
    cadeia = Elo(ao_desfazer=Conflito("já entregue"))
    retrato = tentar_de_novo(pedido_id, {"rest": cadeia})
    assert retrato and retrato.status == "enviado"


def teste_um_cancelamento_que_demora_nao_se_desiste_dele() -> None:
    pedido = comprar()
    fora, entregue = (Elo(ao_desfazer=erro) for erro in (Indisponivel("fora"), Conflito("já é")))
    cancelar_pedido(pedido_id=pedido.id, pagamentos=fora)
    Pedido.objects.update(tentado_s=901)
    retrato = tentar_de_novo(pedido.id, {"rest": entregue})
    assert retrato and retrato.status == "entregue"


@pytest.mark.parametrize("atraso_s", [60, 3600, 30 * 86_400])
def teste_um_relogio_que_se_atrasa_nao_estica_espera_alguma(atraso_s: int) -> None:
    em_curso, a_espera, reservado = (inacabado() for _ in range(3))
    agora = timezone.now()
    depois = {"retomar_em": agora + timedelta(seconds=300), "adiado_em": agora}
    Pedido.objects.filter(pk=em_curso).update(em_curso_ate=agora + timedelta(seconds=10))
    Pedido.objects.filter(pk=a_espera).update(**depois)
    Pedido.objects.filter(pk=reservado).update(**depois)
    assert por_retomar() == []
    passar(-atraso_s)
    assert por_retomar() == [em_curso, a_espera, reservado]


def teste_um_relogio_que_se_atrasa_nao_prende_a_chave() -> None:
    pedido_id = inacabado(chave="k")
    Pedido.objects.update(em_curso_ate=timezone.now() + timedelta(seconds=10))
    with pytest.raises(Conflito):
        inacabado(chave="k")
    passar(-60)
    assert inacabado(chave="k") == pedido_id
