"""Um cliente cadastrado pela API ou pelo admin: os mesmos textos servem, e se guardam iguais."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from ecommerce.erros import EntradaInvalida
from pedidos.casos_de_uso import cadastrar_cliente
from pedidos.models import Cliente
from testes.apoio.paginas import alguem_da_equipe

pytestmark = pytest.mark.django_db(transaction=True)
Cadastrar = Callable[[str, str], set[str]]


def pelo_caso_de_uso(nome: str, email: str) -> set[str]:
    try:
        cadastrar_cliente(nome=nome, email=email)
    except EntradaInvalida as erro:
        return set(erro.erros)
    return set()


def pela_api(nome: str, email: str) -> set[str]:
    resposta = Client().post(
        "/clientes",
        {"nome": nome, "email": email},
        content_type="application/json",
        headers={"Authorization": "Bearer da-loja"},
    )
    assert resposta.status_code in (201, 400)
    return set(resposta.json().get("erros", ()))


def pelo_admin(nome: str, email: str) -> set[str]:
    navegador = alguem_da_equipe("view_cliente", "add_cliente")
    resposta = navegador.post("/admin/pedidos/cliente/add/", {"nome": nome, "email": email})
    if resposta.status_code == 302:
        return set()
    return set(resposta.context["adminform"].form.errors)


@pytest.fixture(params=[pelo_caso_de_uso, pela_api, pelo_admin])
def cadastrar(request: pytest.FixtureRequest) -> Cadastrar:
    porta: Cadastrar = request.param
    return porta


@pytest.mark.parametrize(
    ("nome", "email", "guardado"),
    [
        ("Oi", "a@b.co", ("Oi", "a@b.co")),
        (" Jose\u0301 ", " Jose@Exemplo.com ", ("José", "jose@exemplo.com")),
        ("e\u0301" * 60, "\u212a@exemplo.com", ("é" * 60, "k@exemplo.com")),
        ("ÿ" * 60, "a" * 48 + "@exemplo.com", ("ÿ" * 60, "a" * 48 + "@exemplo.com")),
    ],
)
def teste_o_que_serve_se_guarda_normalizado(
    cadastrar: Cadastrar, nome: str, email: str, guardado: tuple[str, str]
) -> None:
    assert cadastrar(nome, email) == set()
    cliente = Cliente.objects.get()
    assert (cliente.nome, cliente.email) == guardado


@pytest.mark.parametrize(
    ("nome", "email", "campos"),
    [
        ("A", "ana@exemplo.com", {"nome"}),
        (" A\u0301 ", "ana@exemplo.com", {"nome"}),
        ("x" * 61, "ana@exemplo.com", {"nome"}),
        ("Łukasz", "ana@exemplo.com", {"nome"}),
        ("Ana\x7fSouza", "ana@exemplo.com", {"nome"}),
        ("Ana\nSouza", "ana@exemplo.com", {"nome"}),
        ("Ana\0Souza", "ana@exemplo.com", {"nome"}),
        ("Ana", "\u0130ris@exemplo.com", {"email"}),
        ("Ana", "a" * 49 + "@exemplo.com", {"email"}),
        ("Ana", "ana@exemplo.рф", {"email"}),
        ("Ana", "ana", {"email"}),
        ("Ana", "JA@HA.COM", {"email"}),  # já tem dono
    ],
)
def teste_o_que_nao_serve_e_dito_pelo_campo(
    cadastrar: Cadastrar, nome: str, email: str, campos: set[str]
) -> None:
    Cliente.objects.create(nome="Já há", email="ja@ha.com")
    assert cadastrar(nome, email) == campos
    assert Cliente.objects.count() == 1
