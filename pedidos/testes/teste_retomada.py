"""Retomar: quem está na vez, quem fica com o pedido e quanto se espera."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from ecommerce.contexto import iniciar
from ecommerce.erros import Indisponivel, Recusado
from ecommerce.mensagens import Andamento, Ordem
from pedidos import retomada
from pedidos.despertador import Despertador
from pedidos.management.commands import retomar
from pedidos.management.commands.retomar import PAGAMENTOS, cuidar_de
from pedidos.models import Cliente, Pedido
from pedidos.retomada import (
    ESPERA_MAXIMA_S,
    espera_s,
    liberar_chaves_antigas,
    por_retomar,
    tentar_de_novo,
)
from pedidos.testes.teste_casos_de_uso import comprar
from testes.apoio.exemplos import Elo

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def cliente() -> Cliente:
    return Cliente.objects.create(id=1, nome="Ana Souza", email="ana@exemplo.com")


def inacabado(chave: str | None = None) -> int:
    return comprar(Elo(ao_fazer=Indisponivel("fora")), chave=chave).id


def passar(segundos: float) -> None:
    """Leva para trás todos os instantes dos pedidos: é o relógio que anda para a frente."""
    instantes = ("data_criacao", "em_curso_ate", "retomar_em", "adiado_em")
    recuo = {nome: F(nome) - timedelta(seconds=segundos) for nome in instantes}
    Pedido.objects.update(**recuo)


def teste_o_que_ficou_pelo_caminho_termina() -> None:
    pedido_id, cadeia = inacabado(), Elo()
    assert por_retomar() == [pedido_id]
    retrato = tentar_de_novo(pedido_id, {"rest": cadeia})
    assert retrato and retrato.status == "enviado"
    assert por_retomar() == []


def teste_terminados_nao_se_retomam() -> None:
    comprar()
    with pytest.raises(Recusado):
        comprar(Elo(ao_fazer=Recusado("não", codigo="sem_estoque", situacao="estornado")))
    assert por_retomar() == []


def teste_espera_pela_requisicao_do_pedido_mas_nao_para_sempre() -> None:
    inacabado()
    Pedido.objects.update(em_curso_ate=timezone.now() + timedelta(seconds=10))
    assert por_retomar() == []
    Pedido.objects.update(data_criacao=timezone.now() - timedelta(seconds=6))  # RETOMAR_APOS_S é 5
    assert len(por_retomar()) == 1


def teste_requisicao_morta_e_retomada_quando_o_prazo_dela_passa() -> None:
    pedido_id = inacabado()
    Pedido.objects.update(em_curso_ate=timezone.now() - timedelta(seconds=1))
    assert por_retomar() == [pedido_id]


def teste_so_um_de_varios_fica_com_o_pedido() -> None:
    pedido_id = inacabado()
    dentro, soltar = threading.Event(), threading.Event()

    class Demorado(Elo):
        def processar(self, ordem: Ordem) -> Andamento:
            dentro.set()
            soltar.wait(5)
            raise Indisponivel("fora")

    def primeiro() -> None:
        iniciar("rest", prazo_ms=10_000)
        tentar_de_novo(pedido_id, {"rest": Demorado()})

    linha = threading.Thread(target=primeiro)
    linha.start()
    dentro.wait(5)
    segundo = Elo()
    assert tentar_de_novo(pedido_id, {"rest": segundo}) is None
    soltar.set()
    linha.join()
    assert segundo.ouviu == []


def teste_quem_leu_o_pedido_e_nao_o_tomou_a_tempo_o_deixa(monkeypatch: pytest.MonkeyPatch) -> None:
    pedido_id, primeiro, segundo = inacabado(), Elo(ao_fazer=Indisponivel("fora")), Elo()
    calcular = retomada.espera_s

    def outro_passa_a_frente(tentativas: int) -> float:
        monkeypatch.setattr(retomada, "espera_s", calcular)
        tentar_de_novo(pedido_id, {"rest": primeiro})
        return calcular(tentativas)

    monkeypatch.setattr(retomada, "espera_s", outro_passa_a_frente)
    assert tentar_de_novo(pedido_id, {"rest": segundo}) is None
    assert (len(primeiro.ouviu), segundo.ouviu) == (1, [])


def teste_quem_falha_espera_cada_vez_mais_ate_o_teto() -> None:
    pedido_id = inacabado()
    esperas = []
    for _ in range(8):
        agora = timezone.now()
        tentar_de_novo(pedido_id, {"rest": Elo(ao_fazer=Indisponivel("fora"))})
        esperas.append((Pedido.objects.get().retomar_em or agora) - agora)
        assert por_retomar() == []
        Pedido.objects.update(retomar_em=timezone.now())
    assert esperas[0] < timedelta(seconds=0.6) < timedelta(seconds=2) < esperas[-1]
    assert max(esperas) <= timedelta(seconds=ESPERA_MAXIMA_S + 0.2)


def teste_a_espera_varia_ao_acaso_e_nunca_passa_do_teto() -> None:
    esperas = {espera_s(n) for n in range(40)}
    assert len(esperas) > 30 and max(esperas) <= ESPERA_MAXIMA_S


@pytest.mark.parametrize(
    ("tentativas", "teto"), [(0, 0.25), (1, 0.5), (2, 1), (3, 2), (4, 4), (5, 5), (10**6, 5)]
)
def teste_a_espera_dobra_a_cada_tentativa(tentativas: int, teto: float) -> None:
    assert all(teto / 2 <= espera_s(tentativas) <= teto for _ in range(20))


def teste_um_defeito_nosso_espera_ainda_mais() -> None:
    pedido_id, esperas = inacabado(), []
    for _ in range(7):
        agora = timezone.now()
        with pytest.raises(ZeroDivisionError):
            tentar_de_novo(pedido_id, {"rest": Elo(ao_fazer=ZeroDivisionError("um defeito"))})
        esperas.append(((Pedido.objects.get().retomar_em or agora) - agora).total_seconds())
        Pedido.objects.update(retomar_em=timezone.now())
    assert [round(espera, -1) for espera in esperas] == [10, 20, 40, 80, 160, 300, 300]


def teste_segue_pelo_transporte_por_que_chegou() -> None:
    iniciar("grpc", prazo_ms=10_000)
    pedido_id, por_rest, por_grpc = inacabado(), Elo(), Elo()
    tentar_de_novo(pedido_id, {"rest": por_rest, "grpc": por_grpc})
    assert (por_rest.ouviu, por_grpc.ouviu) == ([], [("fazer", pedido_id)])


def teste_um_defeito_num_pedido_fica_no_log_e_nao_para_os_outros(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    com_defeito, outro = inacabado(), inacabado()
    monkeypatch.setitem(PAGAMENTOS, "rest", Elo(ao_fazer=ZeroDivisionError("um defeito")))
    with pytest.raises(ZeroDivisionError):
        cuidar_de(com_defeito)
    (falha,) = [json.loads(linha) for linha in capfd.readouterr().out.splitlines()]
    assert falha["pedido_id"] == com_defeito and "um defeito" in json.dumps(falha)
    monkeypatch.setitem(PAGAMENTOS, "rest", Elo())
    cuidar_de(outro)
    assert Pedido.objects.get(pk=outro).status == "enviado"
    # e o do defeito continua na fila, à espera da próxima vez
    assert Pedido.objects.get(pk=com_defeito).status == "pendente"
    Pedido.objects.update(retomar_em=timezone.now())
    assert por_retomar() == [com_defeito]


def teste_uma_chave_so_se_esquece_se_ja_era_velha_da_outra_vez(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # dado um `retomar` que olha as chaves a toda hora, e não uma vez por dia
    monkeypatch.setattr(retomar, "CADA_QUANTO_LIBERAR_CHAVES_S", 0.3)
    parar, olhadas = threading.Event(), []

    def liberar(quando: datetime) -> int:
        olhadas.append((timezone.now(), quando))
        parar.set()
        return 0

    monkeypatch.setattr(retomada, "liberar_chaves_antigas", liberar)
    comecou = timezone.now()
    with ThreadPoolExecutor(1) as equipe:
        retomar._rodar(parar, Despertador(), equipe)

    # então o relógio que vale é o da vez anterior, que aqui é o começo, e não o de agora
    ((agora, valeu),) = olhadas
    assert valeu - comecou < timedelta(seconds=0.1) < timedelta(seconds=0.3) < agora - comecou


def teste_a_chave_vale_trinta_dias_e_a_de_um_inacabado_sempre(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("pedidos.retomada.POR_VEZ", 1)  # um lote para cada uma
    comprar(chave="antiga")
    inacabado(chave="inacabada")
    comprar(chave="outra-antiga")
    passar(2 * 86_400)
    comprar(chave="de-29-dias")
    passar(29 * 86_400 + 3600)
    comprar(chave="nova")
    assert liberar_chaves_antigas(timezone.now()) == 2
    chaves = Pedido.objects.order_by("id").values_list("chave_idempotencia", flat=True)
    assert list(chaves) == [None, "inacabada", None, "de-29-dias", "nova"]
    assert liberar_chaves_antigas(timezone.now()) == 0  # os antigos já não têm nenhuma
