"""O admin de pagamentos: depressa com muitos, e só para ler."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from pagamentos.models import Pagamento
from testes.apoio.enderecos_tortos import conferir_enderecos_tortos
from testes.apoio.idioma import conferir_que_tudo_esta_em_portugues
from testes.apoio.paginas import alguem_da_equipe, conferir_que_nao_cresce, conferir_que_so_se_le

pytestmark = pytest.mark.django_db
PAGAMENTOS = "/admin/pagamentos/pagamento/"


def povoar(de: int, ate: int) -> None:
    inicio = datetime(2025, 1, 2, tzinfo=UTC)
    Pagamento.objects.bulk_create(
        Pagamento(
            pedido_id=i,
            status="aprovado",
            metodo="cartao_credito",
            valor=Decimal("1234.50"),
            data_processamento=inicio + timedelta(hours=2 * i),
            impressao="impressao-segredo",
        )
        for i in range(de, ate)
    )


@pytest.mark.parametrize(
    "consulta",
    ["", "?status=aprovado", "?metodo=cartao_credito", "?data_processamento__year=2025", "?q=1"],
)
def teste_a_pagina_nao_custa_mais_com_muitas_linhas(consulta: str) -> None:
    conferir_que_nao_cresce(PAGAMENTOS + consulta, povoar)


def teste_endereco_torto_nunca_e_erro_interno() -> None:
    povoar(1, 3)
    conferir_enderecos_tortos()


@pytest.mark.django_db(transaction=True)
def teste_todas_as_paginas_estao_em_portugues() -> None:
    povoar(1, 3)
    conferir_que_tudo_esta_em_portugues(
        "/", "/operacoes", "/pagamentos", "/pagamentos/1", "/pagamentos/1/estornar"
    )


def teste_pagamentos_so_se_leem() -> None:
    povoar(1, 2)
    conferir_que_so_se_le(Pagamento, 1)


def teste_o_pagamento_leva_ao_pedido_e_mostra_o_valor_em_reais() -> None:
    povoar(7, 8)
    pagina = alguem_da_equipe("view_pagamento").get(f"{PAGAMENTOS}7/change/").text
    assert "/admin/pedidos/pedido/7/change/" in pagina
    assert "R$\xa01.234,50" in pagina
    assert "cartão de crédito" in pagina
    assert "segredo" not in pagina


def teste_a_lapide_de_um_pedido_nunca_visto_tambem_se_mostra() -> None:
    Pagamento.objects.create(pedido_id=9, status="estornado", motivo="cancelado_a_pedido")
    navegador = alguem_da_equipe("view_pagamento")
    assert "cancelado a pedido" in navegador.get(PAGAMENTOS).text
    assert navegador.get(f"{PAGAMENTOS}9/change/").status_code == 200
