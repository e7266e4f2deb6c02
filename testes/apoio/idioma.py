"""As páginas de um serviço, todas em português: o que se lê, e o que se ouve com um leitor."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from django.contrib import admin
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from ecommerce.operacoes.registro import registrar
from testes.apoio.paginas import alguem_da_equipe

# palavras de telas em inglês que não são também portuguesas, nem nomes próprios daqui
INGLES = set(
    re.findall(
        r"\w+",
        """
        account action actions add added after again all and any apply are at available back been
        below browse but button by can cancel change changed changes choose chosen clear click
        close code collapse confirm content correct could create created current dark date day
        days delete deleted description details does download edit empty enter entries entry
        errors expand field fields filter filters find first following for forgot forgotten found
        from general go group groups has have hello help hide history home horizontal if image
        import in into is it items key last light list loading logged logout many match matching
        month more most must name nav navbar needed new next none not nothing object objects of
        off on one only open options or order our out page password permission permissions picture
        please preview previous query raw reason recent record records remove required reset
        result results return row rows run save search see select selected selection send show
        sign size skip some sort submit success successfully sure system the their theme there
        this time to today toggle type unknown until update upload user username users value view
        visibility visit was welcome will with without year yes you your
        """,
    )
)
ATRIBUTOS = {"alt", "aria-label", "data-label", "placeholder", "title", "value", "label"}
NAO_SE_LE = {"script", "style", "pre", "textarea"}
DATA_POR_EXTENSO = re.compile(r"\d+ de \w+ de \d{4}")
NO_NAVEGADOR = {"Accept": "text/html"}


class _Texto(HTMLParser):
    """O que uma página diz, sem os nomes dos ícones, que são desenhos."""

    def __init__(self) -> None:
        super().__init__()
        self.ditos: list[str] = []
        self._mudos: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        campos = dict(attrs)
        mudo = tag in NAO_SE_LE or "material-symbols" in (campos.get("class") or "")
        if mudo or (self._mudos and tag == self._mudos[-1]):
            self._mudos.append(tag)
        if campos.get("type") != "hidden" and tag != "option":
            self.ditos += [valor for nome, valor in attrs if nome in ATRIBUTOS and valor]

    def handle_endtag(self, tag: str) -> None:
        if self._mudos and tag == self._mudos[-1]:
            self._mudos.pop()

    def handle_data(self, data: str) -> None:
        if not self._mudos:
            self.ditos.append(data)


def conferir_que_tudo_esta_em_portugues(*da_api: str) -> None:
    """Falha se uma página do admin, ou da API navegável nos caminhos dados, diz algo em inglês."""
    navegador = alguem_da_equipe(superusuario=True)
    Group.objects.create(name="Atendimento")
    registrar("repetir", pedido_id=1, resultado="repetido")
    ditos = {c: _texto(navegador, c) for c in (*_do_admin(navegador), *da_api)}
    ditos["saída"] = _ler(navegador.post(reverse("admin:logout")).text)
    ditos["entrada"] = _ler(Client().get(reverse("admin:login")).text)
    ditos["entrada recusada"] = _ler(Client().post(reverse("admin:login"), {"username": "x"}).text)
    em_ingles = {caminho: _palavras(dito) & INGLES for caminho, dito in ditos.items()}
    assert {caminho: palavras for caminho, palavras in em_ingles.items() if palavras} == {}
    assert [caminho for caminho, dito in ditos.items() if DATA_POR_EXTENSO.search(dito)] == []


def _palavras(dito: str) -> set[str]:
    """As palavras em minúsculas; o que tem algarismos, como um rastro (`5add9e…`), não é uma."""
    return {palavra for palavra in re.findall(r"[^\W_]+", dito.lower()) if palavra.isalpha()}


def _do_admin(navegador: Client) -> Iterator[str]:
    yield from (reverse("admin:index"), reverse("admin:password_change"))
    yield from (reverse("admin:password_change_done"), reverse("admin:search") + "?s=zzz")
    for modelo in list(admin.site._registry):
        aplicacao, nome = modelo._meta.app_label, modelo._meta.model_name
        lista = reverse(f"admin:{aplicacao}_{nome}_changelist")
        yield from (reverse("admin:app_list", args=[aplicacao]), lista, f"{lista}?q=zzz")
        if navegador.get(f"{lista}add/").status_code == 200:
            yield f"{lista}add/"
        um = modelo._default_manager.order_by("pk").first()
        assert um is not None, f"faltou um {nome} de exemplo"
        yield from (f"{lista}{um.pk}/{pagina}/" for pagina in ("change", "history"))
        if navegador.get(f"{lista}{um.pk}/delete/").status_code == 200:
            yield f"{lista}{um.pk}/delete/"


def _texto(navegador: Client, caminho: str) -> str:
    resposta = navegador.get(caminho, headers=NO_NAVEGADOR)
    assert resposta.status_code in (200, 405), caminho
    return _ler(resposta.text)


def _ler(pagina: str) -> str:
    leitor = _Texto()
    leitor.feed(pagina)
    return "\n".join(leitor.ditos)
