"""As listas do admin de pedidos: depressa com muitos, buscas, datas, e todo endereço e texto."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.test import Client

from ecommerce.operacoes.models import Operacao
from pedidos.models import Cliente, ItemPedido, Pedido
from testes.apoio.enderecos_tortos import conferir_enderecos_tortos
from testes.apoio.idioma import conferir_que_tudo_esta_em_portugues
from testes.apoio.paginas import alguem_da_equipe, conferir_que_nao_cresce

pytestmark = pytest.mark.django_db
PEDIDOS = "/admin/pedidos/pedido/"
CLIENTES = "/admin/pedidos/cliente/"


def povoar(de: int, ate: int) -> None:
    inicio = datetime(2025, 1, 2, tzinfo=UTC)
    Cliente.objects.bulk_create(
        Cliente(pk=i, nome=f"Cliente {i}", email=f"c{i}@exemplo.com") for i in range(de, ate)
    )
    Pedido.objects.bulk_create(
        Pedido(
            pk=i,
            cliente_id=i,
            data_criacao=inicio + timedelta(hours=2 * i),
            status="enviado",
            valor_total=Decimal("20.00"),
            metodo="pix",
            transporte="rest",
            token_cartao="tok_segredo",
            chave_idempotencia=f"chave-segredo-{i}",
            impressao="impressao-segredo",
            pagamento_status="aprovado",
            envio_status="aguardando_envio",
        )
        for i in range(de, ate)
    )
    ItemPedido.objects.bulk_create(
        ItemPedido(
            pedido_id=i, produto_id=1, nome="Caneca", quantidade=2, preco_unitario=Decimal("10.00")
        )
        for i in range(de, ate)
    )
    Operacao.objects.bulk_create(
        Operacao(
            pedido_id=i,
            operacao="criar_pedido",
            resultado="pendente",
            transporte="rest",
            duracao_ms=1.5,
            trace_id="a" * 32,
            criado_em=inicio + timedelta(hours=2 * i),
        )
        for i in range(de, ate)
    )


@pytest.fixture
def equipe(db: None) -> Client:
    return alguem_da_equipe("view_pedido", "change_pedido")


@pytest.mark.parametrize(
    "url",
    [
        PEDIDOS,
        f"{PEDIDOS}?status=enviado",
        f"{PEDIDOS}?metodo=pix",
        f"{PEDIDOS}?data_criacao__year=2025",
        f"{PEDIDOS}?data_criacao__year=2025&data_criacao__month=1",
        f"{PEDIDOS}?data_criacao__year=2025&data_criacao__month=1&data_criacao__day=1",
        f"{PEDIDOS}?q=1",
        f"{PEDIDOS}?q=c1@exemplo.com",
        f"{PEDIDOS}?q=nada",
        f"{PEDIDOS}1/change/",
        f"{PEDIDOS}1/history/",
        CLIENTES,
        f"{CLIENTES}?q=c1@exemplo.com",
        f"{CLIENTES}1/change/",
        "/admin/operacoes/operacao/",
        "/admin/operacoes/operacao/?q=1",
        "/admin/operacoes/operacao/?criado_em__year=2025",
        "/admin/operacoes/operacao/1/change/",
    ],
)
def teste_a_pagina_nao_custa_mais_com_muitas_linhas(url: str) -> None:
    conferir_que_nao_cresce(url, povoar)


def teste_endereco_torto_nunca_e_erro_interno() -> None:
    povoar(1, 3)
    conferir_enderecos_tortos()


@pytest.mark.django_db(transaction=True)
def teste_todas_as_paginas_estao_em_portugues() -> None:
    povoar(1, 3)
    conferir_que_tudo_esta_em_portugues(
        "/",
        "/operacoes",
        "/pedidos",
        "/pedidos/1",
        "/pedidos/1/cancelar",
        "/clientes",
        "/clientes/1",
    )


@pytest.mark.parametrize(
    "filtro", ["token_cartao__startswith=tok", "id__gt=0", "data_criacao__month=1", "cliente=1"]
)
def teste_filtro_que_a_pagina_nao_oferece_leva_a_lista_inteira(equipe: Client, filtro: str) -> None:
    assert equipe.get(f"{PEDIDOS}?{filtro}").headers["Location"] == f"{PEDIDOS}?e=1"


def teste_o_historico_so_tem_as_paginas_que_ha(equipe: Client) -> None:
    povoar(1, 2)
    pedido = Pedido.objects.get()
    LogEntry.objects.log_actions(User.objects.get().pk, [pedido] * 150, CHANGE, "Retomar: enviado.")
    feitas = equipe.get(f"{PEDIDOS}1/history/?p=2").context["action_list"]
    assert (feitas.paginator.num_pages, len(feitas)) == (2, 50)


def teste_datas_vem_do_calendario_ate_o_dia(equipe: Client) -> None:
    povoar(1, 2)
    povoar(500, 501)  # 40 dias depois
    assert "data_criacao__year=2025" in equipe.get(PEDIDOS).text
    meses = equipe.get(f"{PEDIDOS}?data_criacao__year=2025").text
    assert "data_criacao__month=1&" in meses
    assert "data_criacao__month=2&" in meses
    assert "data_criacao__month=3&" not in meses
    dias = equipe.get(f"{PEDIDOS}?data_criacao__year=2025&data_criacao__month=2").text
    assert "data_criacao__day=12&" in dias
    assert "data_criacao__day=13&" not in dias  # depois do último pedido


@pytest.mark.parametrize(
    ("termo", "achados"),
    [("2", [2]), (" 2 ", [2]), ("C2@EXEMPLO.COM", [2]), ("9" * 30, []), ("²", []), ("x@y.z", [])],
)
def teste_busca_so_valores_exatos(equipe: Client, termo: str, achados: list[int]) -> None:
    povoar(1, 30)
    lista = equipe.get(PEDIDOS, {"q": termo}).context["cl"].result_list
    assert [pedido.pk for pedido in lista] == achados
