"""A saga de pedidos quando dois processos mexem no mesmo pedido."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection

from ecommerce.banco.transacao import transacao
from ecommerce.contexto import iniciar
from ecommerce.erros import Conflito, Indisponivel, Recusado
from ecommerce.mensagens import Andamento, Ordem
from pedidos.casos_de_uso import cancelar_pedido, consultar_pedido, retomar_pedido
from pedidos.dominio import TRANSICOES, Status
from pedidos.models import Cliente, Pedido
from pedidos.saga import conduzir, desfazer, marcar_cancelando, mudar
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


def teste_um_conflito_desfaz_so_o_que_tem_a_impressao_desta_ordem() -> None:
    cadeia = Elo(ao_fazer=Conflito("outro conteúdo"))
    with pytest.raises(Recusado):
        comprar(cadeia)
    assert cadeia.impressao == Pedido.objects.get().ordem.impressao


def teste_depois_do_envio_ja_se_sabe_de_quem_e_tudo_e_o_token_se_foi() -> None:
    cadeia, pedido = Elo(), comprar()
    cancelar_pedido(pedido_id=pedido.id, pagamentos=cadeia)
    assert (cadeia.ouviu, cadeia.impressao) == ([("desfazer", pedido.id)], None)


NAO_HA = [(de, para) for de in Status for para in Status if para not in TRANSICOES[de]]


@pytest.mark.parametrize(("de", "para"), NAO_HA)
def teste_mudar_recusa_o_que_a_maquina_de_estados_nao_tem(de: Status, para: Status) -> None:
    pedido = Pedido.objects.get(pk=comprar(Elo()).id)
    Pedido.objects.filter(pk=pedido.pk).update(status=de, motivo="cancelado_a_pedido")
    with pytest.raises(ValueError, match="não passa"):
        mudar(pedido, (de,), "uma_operacao", status=para)
    pedido.refresh_from_db()
    assert pedido.status == de


class OutroAntes(Elo):
    """Enquanto a cadeia responde a esta tentativa, outra, ou uma pessoa, leva o pedido a `meio`."""

    def __init__(self, meio: str, ao_fazer: Recusado | None = None) -> None:
        super().__init__(ao_fazer=ao_fazer)
        self.meio = meio

    def processar(self, ordem: Ordem) -> Andamento:
        pedido = Pedido.objects.filter(pk=ordem.pedido_id)
        pedido.update(status=self.meio, motivo="cancelado_a_pedido")
        return super().processar(ordem)


def depois_de(pagamentos: OutroAntes) -> str:
    """Em que status fica um pedido a caminho conduzido assim."""
    pedido = Pedido.objects.get(pk=comprar(Elo(ao_fazer=Indisponivel("fora"))).id)
    conduzir(pedido, pagamentos)
    return consultar_pedido(pedido_id=pedido.pk).status


@pytest.mark.parametrize("meio", ["enviado", "entregue", "cancelando"])
def teste_uma_recusa_atrasada_nao_muda_quem_ja_saiu_do_caminho(meio: str) -> None:
    recusa = Recusado("Não há peças.", codigo="sem_estoque", situacao="estornado")
    assert depois_de(OutroAntes(meio, recusa)) == meio


@pytest.mark.parametrize("meio", ["entregue", "cancelando", "cancelado"])
def teste_um_sucesso_atrasado_nao_muda_quem_ja_saiu_do_caminho(meio: str) -> None:
    assert depois_de(OutroAntes(meio)) == meio


class BancoPreso(Elo):
    """A cadeia não responde, e quando se vai anotar isso outro está gravando e não acaba."""

    def __init__(self) -> None:
        super().__init__(ao_fazer=Indisponivel("fora"))
        self.gravando, self.acabar = threading.Event(), threading.Event()
        self.outro = threading.Thread(target=self._gravar)

    def _gravar(self) -> None:
        iniciar("rest", prazo_ms=10_000)
        with transacao():
            self.gravando.set()
            self.acabar.wait(5)
        connection.close()

    def processar(self, ordem: Ordem) -> Andamento:
        self.outro.start()
        self.gravando.wait(5)
        return super().processar(ordem)


def teste_sem_resposta_e_sem_banco_o_pedido_fica_a_caminho_e_o_prazo_solta_a_chave() -> None:
    iniciar("rest", prazo_ms=1000)
    cadeia = BancoPreso()
    pedido_id = comprar(cadeia, chave="k").id
    cadeia.acabar.set()
    cadeia.outro.join()
    pedido = Pedido.objects.get(pk=pedido_id)
    assert pedido.status == "pendente" and pedido.em_curso_ate
