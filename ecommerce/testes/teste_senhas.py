"""Quem adivinha senhas: quantas tenta, de onde, quanto espera, e que não deixa o dono de fora."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client

from ecommerce.administracao import porteiro, senhas
from ecommerce.administracao.models import SenhaErrada

pytestmark = pytest.mark.django_db
ENTRAR, TROCAR = porteiro.CONFEREM_SENHA
CERTA, OUTRA = "certa-e-comprida", "outra-e-comprida"
SEM_PRESSA = "django.contrib.auth.hashers.PBKDF2PasswordHasher"
DE_GRACA = "django.contrib.auth.hashers.MD5PasswordHasher"


@pytest.fixture(autouse=True)
def sem_lembrancas(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """Um processo que acaba de nascer, em que ninguém espera e conferir não custa."""
    monkeypatch.setattr(porteiro, "CASTIGO_S", 0)
    settings.PASSWORD_HASHERS = [DE_GRACA, SEM_PRESSA]
    monkeypatch.setattr(senhas, "_cheias", {})


@pytest.fixture
def dono() -> User:
    return User.objects.create_superuser("dono", password=CERTA)


def tentar(
    senha: str, usuario: str = "dono", *, de: str = "10.0.0.1", por: Client | None = None
) -> HttpResponse:
    formulario = {"username": usuario, "password": senha, "next": "/admin/"}
    resposta: Any = (por or Client()).post(ENTRAR, formulario, REMOTE_ADDR=de)
    return resposta


def errar(vezes: int, usuario: str = "dono", **onde: Any) -> None:
    assert [tentar("errada", usuario, **onde).status_code for _ in range(vezes)] == [200] * vezes


def entrou(resposta: HttpResponse) -> bool:
    assert resposta.status_code in (200, 302, 429)
    return resposta.status_code == 302


@pytest.mark.usefixtures("dono")
def teste_depois_de_cinco_erradas_nem_a_certa_serve_e_a_pagina_diz_quanto_esperar() -> None:
    errar(5)

    recusa = tentar(CERTA)

    assert recusa.status_code == 429
    assert recusa["Content-Type"] == "text/html; charset=utf-8"
    assert 880 <= int(recusa["Retry-After"]) <= 900
    assert "Espere 15 minutos" in recusa.content.decode()


@pytest.mark.usefixtures("dono")
def teste_a_recusa_nao_confere_senha(settings: Any) -> None:
    settings.PASSWORD_HASHERS = [SEM_PRESSA]  # a de verdade, que custa

    def cpu_s(usuario: str) -> float:
        inicio = time.thread_time()
        tentar("errada", usuario)
        return time.thread_time() - inicio

    Client().get(ENTRAR)  # o primeiro paga pelos templates
    conferidas = [cpu_s("dono") for _ in range(4)]
    de_quem_nao_ha = cpu_s("ninguem")
    conferidas.append(cpu_s("dono"))
    recusada = cpu_s("dono")

    assert min(conferidas) > 5 * recusada
    # e quem não existe custa o mesmo: o tempo não diz quem existe
    assert min(conferidas) / 2 < de_quem_nao_ha < max(conferidas) * 2


@pytest.mark.usefixtures("dono")
def teste_muitos_usuarios_de_um_endereco() -> None:
    for nome in range(10):
        errar(1, f"usuario{nome}")

    assert tentar("errada", "mais-um").status_code == 429
    assert not entrou(tentar(CERTA))
    assert entrou(tentar(CERTA, de="10.0.0.2"))


def teste_um_usuario_de_muitos_enderecos(dono: User) -> None:
    for maquina in range(20):
        errar(1, de=f"10.0.1.{maquina}")

    assert not entrou(tentar(CERTA, de="10.0.2.1"))
    User.objects.create_superuser("outro", password=OUTRA)
    assert entrou(tentar(OUTRA, "outro", de="10.0.2.1"))


@pytest.mark.usefixtures("dono")
def teste_muitos_usuarios_de_muitos_enderecos() -> None:
    for n in range(40):
        errar(1, f"usuario{n}", de=f"10.0.1.{n}")

    assert not entrou(tentar(CERTA, de="10.0.2.1"))


@pytest.mark.usefixtures("dono")
def teste_o_nome_conta_como_o_formulario_o_entende() -> None:
    for jeito in ("dono", " dono", "dono ", "ｄｏｎｏ", "dono"):
        errar(1, jeito)

    assert tentar("errada", "ｄono ").status_code == 429


@pytest.mark.parametrize(
    ("um", "outro", "mesmo"),
    [
        ("2001:db8::1", "2001:db8::ffff:2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("10.0.0.1", "::ffff:10.0.0.1", True),
        ("10.0.0.1", "10.0.0.2", False),
        ("", "", True),  # um socket Unix
    ],
)
@pytest.mark.usefixtures("dono")
def teste_o_que_e_um_endereco(um: str, outro: str, mesmo: bool) -> None:
    errar(5, de=um)

    assert entrou(tentar(CERTA, de=outro)) != mesmo


@pytest.mark.usefixtures("dono")
def teste_a_espera_acaba_quando_a_que_enche_a_conta_deixa_de_valer() -> None:
    errar(2)
    ha(timedelta(minutes=14, seconds=30))
    errar(3)

    assert 20 <= int(tentar(CERTA)["Retry-After"]) <= 30

    ha(timedelta(seconds=31))
    senhas._cheias.clear()  # o relógio deste processo não se adianta
    assert entrou(tentar(CERTA))


def ha(tempo: timedelta) -> None:
    """O que está no banco passa a ter acontecido há mais tempo."""
    for errada in SenhaErrada.objects.all():
        SenhaErrada.objects.filter(pk=errada.pk).update(em=errada.em - tempo)


@pytest.mark.usefixtures("dono")
def teste_o_que_ja_nao_vale_se_esquece() -> None:
    errar(5)
    assert tentar("errada").status_code == 429
    ha(timedelta(minutes=15))
    senhas._cheias.update(dict.fromkeys(senhas._cheias, time.monotonic()))

    errar(1)

    assert SenhaErrada.objects.count() == 1
    assert not senhas._cheias


@pytest.mark.usefixtures("dono")
def teste_um_relogio_que_andou_adiantado_nao_prende_ninguem() -> None:
    errar(4)
    ha(-timedelta(days=1))

    errar(1)

    assert entrou(tentar(CERTA))


@pytest.mark.usefixtures("dono")
def teste_vale_por_todos_os_processos() -> None:
    errar(5)
    senhas._cheias.clear()  # outro processo, que nada viu

    assert tentar(CERTA).status_code == 429


def teste_quem_acerta_recomeca(dono: User) -> None:
    errar(4)
    assert entrou(tentar(CERTA))
    errar(4)
    assert entrou(tentar(CERTA))


def teste_quem_ja_entrou_por_este_navegador_entra_enquanto_o_adivinham(dono: User) -> None:
    # dado o dono, que já entrou e saiu, e alguém que o adivinha do mesmo endereço e de outros
    navegador = Client()
    assert entrou(tentar(CERTA, por=navegador))
    navegador.post("/admin/logout/")
    for maquina in range(4):
        errar(5, de=f"10.0.0.{maquina}")
    assert not entrou(tentar(CERTA))

    # então ele entra, dali e de onde nunca esteve
    assert entrou(tentar(CERTA, por=navegador))
    assert entrou(tentar(CERTA, por=navegador, de="10.9.9.9"))
    # mas também ali se tem um limite
    errar(5, por=navegador)
    assert not entrou(tentar(CERTA, por=navegador))


def teste_o_navegador_de_um_nao_abre_a_conta_de_outro(dono: User) -> None:
    User.objects.create_superuser("outro", password=OUTRA)
    navegador = Client()
    assert entrou(tentar(OUTRA, "outro", por=navegador))

    errar(5, por=navegador)
    assert not entrou(tentar(CERTA, por=navegador))
    # e para muitos usuários é um endereço como outro qualquer
    for nome in range(5):
        errar(1, f"usuario{nome}", por=navegador)
    assert tentar("errada", "mais-um", por=navegador).status_code == 429


@pytest.mark.usefixtures("dono")
def teste_um_navegador_se_esquece_depois_de_seis_meses(monkeypatch: pytest.MonkeyPatch) -> None:
    navegador = Client()
    assert entrou(tentar(CERTA, por=navegador))
    errar(5)
    monkeypatch.setattr(porteiro, "NAVEGADOR_VALE_S", -1)

    assert not entrou(tentar(CERTA, por=navegador))


@pytest.mark.usefixtures("dono")
def teste_uma_marca_forjada_nao_e_de_um_navegador_conhecido(settings: Any) -> None:
    navegador = Client()
    tentar(CERTA, por=navegador)
    marca = navegador.cookies[f"navegador_{settings.SERVICO}"]
    assert (marca["httponly"], marca["samesite"], marca["path"]) == (True, "Strict", "/admin/")
    errar(5)

    for valor in (marca.value[:-1], "x", "a:b:c"):
        forjado = Client()
        forjado.cookies[f"navegador_{settings.SERVICO}"] = valor
        assert not entrou(tentar(CERTA, por=forjado))


@pytest.mark.usefixtures("dono")
def teste_uma_sessao_inventada_nao_passa_por_acerto(settings: Any) -> None:
    navegador = Client()
    for _ in range(5):
        navegador.cookies[settings.SESSION_COOKIE_NAME] = "inventada"
        errar(1, por=navegador)

    assert tentar("errada", por=navegador).status_code == 429


def teste_quem_nao_e_da_equipe_tambem_conta() -> None:
    # o formulário confere a senha, que custa, e só depois vê que não é da equipe
    User.objects.create_user("visita", password=CERTA)

    assert [tentar(CERTA, "visita").status_code for _ in range(6)] == [200] * 5 + [429]


def teste_sem_o_token_do_formulario_tambem_conta() -> None:
    navegador = Client(enforce_csrf_checks=True)

    assert [tentar("x", por=navegador).status_code for _ in range(6)] == [403] * 5 + [429]


def teste_a_senha_antiga_de_quem_a_troca(dono: User) -> None:
    navegador = Client()
    assert entrou(tentar(CERTA, por=navegador))

    def trocar(antiga: str) -> int:
        campos = {"old_password": antiga, "new_password1": OUTRA, "new_password2": OUTRA}
        return navegador.post(TROCAR, campos, REMOTE_ADDR="10.0.0.1").status_code

    # o que outros erram dali não o atinge
    errar(5, "um")
    errar(5, "outro")
    assert [trocar("errada") for _ in range(4)] == [200] * 4
    assert trocar(CERTA) == 302
    assert [trocar("errada") for _ in range(6)] == [200] * 5 + [429]


@pytest.mark.usefixtures("dono")
def teste_nao_se_guarda_quem_nem_de_onde() -> None:
    # no lugar do nome muita gente escreve, sem querer, a senha
    tentar("errada", CERTA)

    (errada,) = SenhaErrada.objects.all()
    for resumo in (errada.usuario, errada.origem):
        assert re.fullmatch("[0-9a-f]{40}", resumo)
