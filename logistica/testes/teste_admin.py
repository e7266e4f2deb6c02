"""O admin da logística: depressa com muitos envios, achados pelo rastreamento, e só para ler."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from logistica.dominio import codigo_rastreamento
from logistica.models import Envio
from testes.apoio.enderecos_tortos import conferir_enderecos_tortos
from testes.apoio.idioma import conferir_que_tudo_esta_em_portugues
from testes.apoio.paginas import alguem_da_equipe, conferir_que_nao_cresce, conferir_que_so_se_le

pytestmark = pytest.mark.django_db
ENVIOS = "/admin/logistica/envio/"


def povoar(de: int, ate: int) -> None:
    inicio = datetime(2025, 1, 2, tzinfo=UTC)
    Envio.objects.bulk_create(
        Envio(
            pedido_id=i,
            codigo_rastreamento=codigo_rastreamento(i),
            status="aguardando_envio",
            data_despacho=inicio + timedelta(hours=2 * i),
            impressao="impressao-segredo",
        )
        for i in range(de, ate)
    )


@pytest.mark.parametrize(
    "consulta",
    ["", "?status=aguardando_envio", "?data_despacho__year=2025", "?q=1", "?q=PA000000014BR"],
)
def teste_a_pagina_nao_custa_mais_com_muitas_linhas(consulta: str) -> None:
    conferir_que_nao_cresce(ENVIOS + consulta, povoar)


def teste_endereco_torto_nunca_e_erro_interno() -> None:
    povoar(1, 3)
    conferir_enderecos_tortos()


@pytest.mark.django_db(transaction=True)
def teste_todas_as_paginas_estao_em_portugues() -> None:
    povoar(1, 3)
    conferir_que_tudo_esta_em_portugues(
        "/", "/operacoes", "/envios", "/envios/1", "/envios/1/cancelar"
    )


@pytest.mark.parametrize(("termo", "achados"), [("1", [1]), ("pa000000014br", [1]), ("PA", [])])
def teste_busca_por_pedido_ou_rastreamento(termo: str, achados: list[int]) -> None:
    povoar(1, 30)
    resposta = alguem_da_equipe("view_envio").get(ENVIOS, {"q": termo})
    assert [envio.pk for envio in resposta.context["cl"].result_list] == achados


def teste_envios_so_se_leem() -> None:
    povoar(1, 2)
    conferir_que_so_se_le(Envio, 1)


def teste_o_envio_leva_ao_pedido() -> None:
    povoar(7, 8)
    pagina = alguem_da_equipe("view_envio").get(f"{ENVIOS}7/change/").text
    assert "/admin/pedidos/pedido/7/change/" in pagina
    assert "segredo" not in pagina
