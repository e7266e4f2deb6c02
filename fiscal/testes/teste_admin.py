"""O admin do fiscal: depressa com muitas notas, achadas por número ou chave, e só para ler."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from fiscal.models import Nota, Numeracao
from testes.apoio.enderecos_tortos import conferir_enderecos_tortos
from testes.apoio.idioma import conferir_que_tudo_esta_em_portugues
from testes.apoio.paginas import alguem_da_equipe, conferir_que_nao_cresce, conferir_que_so_se_le

pytestmark = pytest.mark.django_db
NOTAS = "/admin/fiscal/nota/"


def povoar(de: int, ate: int) -> None:
    """Notas cujo número é o do pedido mais mil."""
    inicio = datetime(2025, 1, 2, tzinfo=UTC)
    Numeracao.objects.update_or_create(serie=1, defaults={"ultimo": 1000 + ate})
    Nota.objects.bulk_create(
        Nota(
            pedido_id=i,
            numero=1000 + i,
            serie=1,
            chave_acesso=f"{i:044d}",
            valor=Decimal("10.00"),
            status="emitida",
            data_emissao=inicio + timedelta(hours=2 * i),
            impressao="impressao-segredo",
        )
        for i in range(de, ate)
    )


@pytest.mark.parametrize(
    "consulta",
    ["", "?status=emitida", "?data_emissao__year=2025", "?q=1", "?q=1001", f"?q={1:044d}"],
)
def teste_a_pagina_nao_custa_mais_com_muitas_linhas(consulta: str) -> None:
    conferir_que_nao_cresce(NOTAS + consulta, povoar)


def teste_endereco_torto_nunca_e_erro_interno() -> None:
    povoar(1, 3)
    conferir_enderecos_tortos()


@pytest.mark.django_db(transaction=True)
def teste_todas_as_paginas_estao_em_portugues() -> None:
    povoar(1, 3)
    conferir_que_tudo_esta_em_portugues(
        "/", "/operacoes", "/notas", "/notas/1", "/notas/1/cancelar"
    )


@pytest.mark.parametrize(
    ("termo", "achadas"),
    [
        *(("2", [2]), ("1002", [2]), ("Ana", []), ("x" * 44, [])),
        *((f"{2:044d}", [2]), ("0000 " * 10 + "0002", [2])),
    ],
)
def teste_busca_por_pedido_numero_ou_chave(termo: str, achadas: list[int]) -> None:
    povoar(1, 30)
    resposta = alguem_da_equipe("view_nota").get(NOTAS, {"q": termo})
    assert [nota.pk for nota in resposta.context["cl"].result_list] == achadas


def teste_notas_so_se_leem() -> None:
    povoar(1, 2)
    conferir_que_so_se_le(Nota, 1)


def teste_numeracao_so_se_le() -> None:
    povoar(1, 2)
    conferir_que_so_se_le(Numeracao, 1)


def teste_a_nota_leva_ao_pedido() -> None:
    povoar(7, 8)
    pagina = alguem_da_equipe("view_nota").get(f"{NOTAS}7/change/").text
    assert "/admin/pedidos/pedido/7/change/" in pagina
    assert "segredo" not in pagina


@pytest.mark.parametrize("pagina", ["", "1/change/"])
def teste_a_chave_de_acesso_se_mostra_em_grupos_de_quatro(pagina: str) -> None:
    povoar(1, 2)
    em_grupos = "0000 " * 10 + "0001"
    assert em_grupos in alguem_da_equipe("view_nota").get(NOTAS + pagina).text
