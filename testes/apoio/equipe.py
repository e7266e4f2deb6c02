"""O que a equipe pode: na API exatamente o que pode no admin, operação por operação.

As operações vêm dos endereços do serviço. A que não está em `permissoes.py` ninguém da equipe pode.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from testes.apoio.paginas import alguem_da_equipe
from testes.apoio.permissoes import DE_TODOS, NoAdmin, da_equipe

NO_NAVEGADOR = {"Accept": "text/html"}


def conferir_que_a_api_segue_o_admin() -> None:
    """Falha se alguém pode na API o que não pode no admin, ou o contrário.

    Pergunta por quem não tem permissão nenhuma, quem só vê, quem só tem a certa, quem tem todas
    menos ela, e quem tem todas.
    """
    permitidas = da_equipe(settings.SERVICO)
    todas = {p.codename for p in Permission.objects.all()}
    so_ve = {permissao for permissao in todas if permissao.startswith("view_")}
    existem = set(operacoes_da_api())
    assert set(permitidas) <= existem
    for operacao in existem - DE_TODOS.get(settings.SERVICO, set()):
        no_admin = permitidas.get(operacao)
        abrem = no_admin.abrem if no_admin else set()
        for permissoes in (set(), so_ve, *({cada} for cada in abrem), todas - abrem, todas):
            pessoa, pode = alguem_da_equipe(*permissoes), bool(abrem & permissoes)
            onde = f"{operacao}, que pede {abrem}, com {sorted(permissoes)}"
            assert _na_api(pessoa, operacao) == pode, onde
            assert no_admin is None or _no_admin(pessoa, no_admin) == pode, onde
        assert _na_api(alguem_da_equipe(superusuario=True), operacao) == bool(no_admin), operacao


def conferir_que_a_sessao_so_abre_a_quem_e_da_equipe() -> None:
    """Falha se a sessão de quem não é da equipe abre alguma coisa, ou se as sondas a olham."""
    visita = Client()
    pessoa = User.objects.create_user("visita")
    pessoa.user_permissions.set(Permission.objects.all())
    visita.force_login(pessoa)
    for operacao in set(operacoes_da_api()) - DE_TODOS.get(settings.SERVICO, set()):
        assert not _na_api(visita, operacao), operacao
    for caminho in enderecos_sem_dono():
        respostas = {n.get(caminho).status_code for n in (Client(), visita, alguem_da_equipe())}
        assert respostas == {200}, caminho


def conferir_que_a_pagina_so_oferece_o_que_se_pode() -> None:
    """Falha se a página da API mostra um formulário a quem não o pode enviar, ou o esconde."""
    permitidas = da_equipe(settings.SERVICO)
    existem = set(operacoes_da_api())
    listas = {c for metodo, c in existem if metodo == "GET" and not c.endswith("/1")}
    botoes = {c for metodo, c in existem if metodo == "POST"} - listas
    for caminho in listas:
        ler, escrever = permitidas.get(("GET", caminho)), permitidas.get(("POST", caminho))
        certas = [operacao.permissao for operacao in (ler, escrever) if operacao]
        for permissoes in ((), certas[:1], certas):
            resposta = alguem_da_equipe(*permissoes).get(caminho, headers=NO_NAVEGADOR)
            pode = escrever is not None and escrever.permissao in permissoes
            assert (f'action="{caminho}' in resposta.text) == pode, (caminho, permissoes)
            assert ("<textarea" in resposta.text) == pode, (caminho, permissoes)
            assert not [botao for botao in botoes if f'href="{botao}"' in resposta.text]


def conferir_que_o_esquema_diz_o_que_e_so_de_programas() -> None:
    """Falha se o esquema OpenAPI oferece a sessão numa operação em que ela não serve."""
    esquema = Client().get("/api/esquema", headers={"Accept": "application/json"}).json()
    com_sessao = {
        (metodo.upper(), re.sub(r"{\w+}", "1", caminho))
        for caminho, metodos in esquema["paths"].items()
        for metodo, operacao in metodos.items()
        if "cookieAuth" in {nome for modo in operacao.get("security", ()) for nome in modo}
    }
    assert com_sessao == set(da_equipe(settings.SERVICO))


def operacoes_da_api() -> Iterator[tuple[str, str]]:
    """O método e o caminho, com 1 no lugar do id, de cada ação de cada recurso."""
    for padrao in _padroes(get_resolver()):
        for metodo in getattr(padrao.callback, "actions", None) or ():
            if metodo != "head":  # é o mesmo que GET
                yield metodo.upper(), _caminho(padrao)


def enderecos_sem_dono() -> Iterator[str]:
    """Os caminhos que não são ações de um recurso nem páginas do admin."""
    for padrao in _padroes(get_resolver()):
        if not getattr(padrao.callback, "actions", None):
            yield _caminho(padrao)


def _padroes(resolver: URLResolver) -> Iterator[URLPattern]:
    for padrao in resolver.url_patterns:
        if isinstance(padrao, URLPattern):
            yield padrao
        elif padrao.app_name != "admin":
            yield from _padroes(padrao)


def _caminho(padrao: URLPattern) -> str:
    return "/" + str(padrao.pattern).replace("<id:pk>", "1").strip("^$")


def _na_api(navegador: Client, operacao: tuple[str, str]) -> bool:
    metodo, caminho = operacao
    return _passou(navegador.generic(metodo, caminho, "{}", content_type="application/json"))


def _no_admin(navegador: Client, no_admin: NoAdmin) -> bool:
    return _passou(navegador.get(f"/admin/{no_admin.pagina}"))


def _passou(resposta: Any) -> bool:
    """Se quem pediu foi ouvido, ainda que a entrada não sirva ou o registro não exista."""
    return resposta.status_code not in (401, 403)
