"""O que está fixado em requirements*.txt é o que ./fixar.sh faz dos .in, com hashes."""

from __future__ import annotations

import re

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from laboratorio.sistema.processos import RAIZ

# um pacote: a versão, os hashes e por que está ali
FIXADO = re.compile(
    r"(?P<nome>[a-z0-9-]+)==(?P<versao>[^\s;]+)( ; .+)? \\\n"
    r"(    --hash=sha256:[0-9a-f]{64} \\\n)*    --hash=sha256:[0-9a-f]{64}\n"
    r"    # via(?P<porque>.*\n(    #   .+\n)*)"
)


def pedidos(arquivo: str) -> dict[str, Requirement]:
    """O que o .in pede ele mesmo, sem o que ele inclui."""
    linhas = (RAIZ / arquivo).read_text(encoding="utf-8").splitlines()
    uteis = (linha.partition("#")[0].strip() for linha in linhas)
    exigencias = [Requirement(linha) for linha in uteis if linha and not linha.startswith("-")]
    return {canonicalize_name(exigencia.name): exigencia for exigencia in exigencias}


def fixados(arquivo: str) -> dict[str, re.Match[str]]:
    """Cada pacote do .txt. Um pacote sem hashes, ou que nada explica, falha o teste."""
    texto = (RAIZ / arquivo).read_text(encoding="utf-8")
    achados = {}
    for bloco in re.split(r"^(?=[^\s#])", texto, flags=re.MULTILINE)[1:]:
        achado = FIXADO.fullmatch(bloco)
        assert achado, f"{arquivo}: não é o que ./fixar.sh escreve:\n{bloco}"
        achados[achado["nome"]] = achado
    return achados


@pytest.mark.parametrize(
    ("txt", "incluidos"),
    [
        ("requirements.txt", ["requirements.in"]),
        ("requirements-dev.txt", ["requirements.in", "requirements-dev.in"]),
    ],
)
def teste_cada_pacote_do_in_esta_fixado_com_hashes(txt: str, incluidos: list[str]) -> None:
    achados = fixados(txt)
    for arquivo in incluidos:
        esperados = pedidos(arquivo)
        vindos = {nome for nome, a in achados.items() if f"-r {arquivo}\n" in a["porque"]}
        assert vindos == esperados.keys(), f"{arquivo} mudou: rode ./fixar.sh"
        for nome, exigencia in esperados.items():
            assert exigencia.specifier.contains(achados[nome]["versao"], prereleases=True), (
                f"{txt}: {nome} não é a que {arquivo} admite: rode ./fixar.sh"
            )


def teste_os_dois_arquivos_fixam_as_mesmas_versoes() -> None:
    do_sistema, de_tudo = fixados("requirements.txt"), fixados("requirements-dev.txt")
    for nome, versao in ((nome, achado["versao"]) for nome, achado in do_sistema.items()):
        assert nome in de_tudo, nome
        assert de_tudo[nome]["versao"] == versao, nome
