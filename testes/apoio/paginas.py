"""Quanto uma página do admin custa ao banco, e quem a vê."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import admin
from django.contrib.auth.models import Permission, User
from django.db import connection, models
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

POUCAS, MUITAS = 60, 1500  # mais que uma página, e muitas páginas


@dataclass(frozen=True)
class Custo:
    """Quantas consultas uma página faz, e quantas dezenas de passos o SQLite dá por elas."""

    consultas: int
    passos: int


def alguem_da_equipe(*permissoes: str, superusuario: bool = False) -> Client:
    """Um navegador com alguém da equipe que tem só as permissões dadas (`view_pedido`)."""
    pessoa = User.objects.create_user(
        f"pessoa{User.objects.count()}", is_staff=True, is_superuser=superusuario
    )
    pessoa.user_permissions.set(Permission.objects.filter(codename__in=permissoes))
    navegador = Client()
    navegador.force_login(pessoa)
    return navegador


def custo(navegador: Client, url: str) -> Custo:
    """O custo da página; os passos do SQLite não dependem da máquina como o tempo."""
    dezenas = 0

    def contar() -> int:
        nonlocal dezenas
        dezenas += 1
        return 0

    connection.ensure_connection()
    connection.connection.set_progress_handler(contar, 10)
    try:
        with CaptureQueriesContext(connection) as consultas:
            resposta = navegador.get(url)
    finally:
        connection.connection.set_progress_handler(None, 0)
    assert resposta.status_code == 200, url
    # contar a tabela inteira é um passo só para o SQLite, que lê todas as páginas dela; o histórico
    # de um registro se conta
    contas = [c["sql"] for c in consultas.captured_queries if "COUNT(" in c["sql"]]
    assert not [conta for conta in contas if "django_admin_log" not in conta]
    return Custo(len(consultas), dezenas)


def conferir_que_nao_cresce(url: str, povoar: Callable[[int, int], None]) -> None:
    """Falha se a página faz mais consultas com 50 linhas que com 1, ou trabalha mais com milhares.

    `povoar(de, ate)` cria as linhas com esses números, de duas em duas horas.
    """
    navegador = alguem_da_equipe(superusuario=True)
    povoar(1, 2)
    navegador.get(url)  # o Django guarda os tipos de conteúdo na primeira vez
    com_uma = custo(navegador, url)
    povoar(2, POUCAS)
    com_poucas = custo(navegador, url)
    povoar(POUCAS, MUITAS)
    com_muitas = custo(navegador, url)
    assert com_uma.consultas == com_poucas.consultas == com_muitas.consultas
    # uma contagem, uma ordenação ou uma varredura multiplicaria os passos por dez ou mais
    assert com_muitas.passos <= 2 * com_poucas.passos


def conferir_que_so_se_le(modelo: type[models.Model], pk: int) -> None:
    """Falha se um superusuário pode pôr, mudar ou apagar o registro no admin."""
    pessoa = User.objects.create_superuser("chefe")
    pedido = RequestFactory().get("/")
    pedido.user = pessoa
    do_admin = admin.site._registry[modelo]
    assert not do_admin.has_add_permission(pedido)
    assert not do_admin.has_change_permission(pedido)
    assert not do_admin.has_delete_permission(pedido)
    navegador = Client()
    navegador.force_login(pessoa)
    base = f"/admin/{modelo._meta.app_label}/{modelo._meta.model_name}/"
    assert navegador.get(f"{base}{pk}/change/").status_code == 200
    for caminho in ("add/", f"{pk}/change/", f"{pk}/delete/"):
        assert navegador.post(base + caminho, {"post": "yes"}).status_code == 403
    assert modelo._default_manager.filter(pk=pk).exists()
