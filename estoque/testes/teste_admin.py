"""O admin do estoque: depressa com muitas separações, e entradas de peças por formulário."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from ecommerce.operacoes.models import Operacao
from estoque.models import ItemSeparacao, Saldo, Separacao
from testes.apoio.enderecos_tortos import conferir_enderecos_tortos
from testes.apoio.idioma import conferir_que_tudo_esta_em_portugues
from testes.apoio.paginas import alguem_da_equipe, conferir_que_nao_cresce, conferir_que_so_se_le

pytestmark = pytest.mark.django_db
SALDOS = "/admin/estoque/saldo/"
SEPARACOES = "/admin/estoque/separacao/"
ENTRADA = f"{SALDOS}entrada/"


def povoar(de: int, ate: int) -> None:
    inicio = datetime(2025, 1, 2, tzinfo=UTC)
    Saldo.objects.bulk_create(
        Saldo(produto_id=i, disponivel=10, separado=2, entradas=12) for i in range(de, ate)
    )
    Separacao.objects.bulk_create(
        Separacao(
            pedido_id=i,
            status="separado",
            criada_em=inicio + timedelta(hours=2 * i),
            impressao="impressao-segredo",
        )
        for i in range(de, ate)
    )
    ItemSeparacao.objects.bulk_create(
        ItemSeparacao(separacao_id=i, produto_id=1, quantidade=2) for i in range(de, ate)
    )


@pytest.fixture
def equipe(db: None) -> Client:
    return alguem_da_equipe("view_saldo", "change_saldo", "view_separacao")


@pytest.mark.parametrize(
    "url",
    [
        SALDOS,
        f"{SALDOS}?q=1",
        SEPARACOES,
        f"{SEPARACOES}?status=separado",
        f"{SEPARACOES}?criada_em__year=2025",
        f"{SEPARACOES}?q=1",
        f"{SEPARACOES}1/change/",
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
        "/", "/operacoes", "/estoque", "/estoque/1/entrada", "/separacoes", "/separacoes/1"
    )


@pytest.mark.parametrize("modelo", [Saldo, Separacao])
def teste_saldos_e_separacoes_so_se_leem(modelo: type[Saldo | Separacao]) -> None:
    povoar(1, 2)
    conferir_que_so_se_le(modelo, 1)


def teste_a_separacao_leva_ao_pedido_e_mostra_os_itens(equipe: Client) -> None:
    povoar(7, 8)
    assert "2 × produto 1" in equipe.get(SEPARACOES).text
    pagina = equipe.get(f"{SEPARACOES}7/change/").text
    assert "/admin/pedidos/pedido/7/change/" in pagina
    assert "Quantidade" in pagina
    assert "segredo" not in pagina


def teste_entrada_aumenta_o_saldo_e_registra_a_operacao(equipe: Client) -> None:
    povoar(1, 2)
    resposta = equipe.post(ENTRADA, {"produto_id": "1", "quantidade": "5"}, follow=True)
    saldo = Saldo.objects.get()
    assert (saldo.disponivel, saldo.entradas) == (15, 17)
    assert "agora há 15 peças disponíveis" in resposta.text
    assert Operacao.objects.get().operacao == "registrar_entrada"


def teste_o_formulario_enviado_duas_vezes_entra_uma_so(equipe: Client) -> None:
    escondido = re.search(r'name="chave" value="([^"]+)"', equipe.get(ENTRADA).text)
    assert escondido
    assert escondido[1] not in equipe.get(ENTRADA).text  # cada formulário tem a sua
    campos = {"chave": escondido[1], "produto_id": "1", "quantidade": "5"}
    for _ in range(2):
        resposta = equipe.post(ENTRADA, campos, follow=True)
        assert "agora há 5 peças disponíveis" in resposta.text
    equipe.post(ENTRADA, campos | {"quantidade": "6"})  # voltou e mudou: é outra
    assert Saldo.objects.get().entradas == 11


def teste_a_pagina_do_produto_leva_ao_formulario_ja_preenchido(equipe: Client) -> None:
    povoar(3, 4)
    resposta = equipe.get(f"{SALDOS}3/entrada/", follow=True)
    assert resposta.context["formulario"]["produto_id"].value() == "3"
    assert Saldo.objects.get().entradas == 12


@pytest.mark.parametrize(
    ("produto_id", "quantidade"),
    [("1", "0"), ("1", "1000001"), ("1", "1,5"), ("0", "1"), (str(2**63), "1"), ("", "")],
)
def teste_entrada_invalida_volta_ao_formulario(
    equipe: Client, produto_id: str, quantidade: str
) -> None:
    povoar(1, 2)
    resposta = equipe.post(ENTRADA, {"produto_id": produto_id, "quantidade": quantidade})
    assert resposta.status_code == 200
    assert resposta.context["formulario"].errors
    assert Saldo.objects.get().entradas == 12


def teste_entrada_que_o_caso_de_uso_recusa_aparece_no_formulario(equipe: Client) -> None:
    Saldo.objects.create(produto_id=1, disponivel=2**31 - 1, entradas=2**31 - 1)
    resposta = equipe.post(ENTRADA, {"produto_id": "1", "quantidade": "1"})
    assert "O saldo passaria do máximo." in resposta.text


def teste_entrada_exige_permissao_e_csrf() -> None:
    povoar(1, 2)
    campos = {"produto_id": "1", "quantidade": "5"}
    assert alguem_da_equipe("view_saldo").post(ENTRADA, campos).status_code == 403
    sem_csrf = Client(enforce_csrf_checks=True)
    sem_csrf.cookies = alguem_da_equipe(superusuario=True).cookies
    assert sem_csrf.post(ENTRADA, campos).status_code == 403
    assert Saldo.objects.get().entradas == 12
