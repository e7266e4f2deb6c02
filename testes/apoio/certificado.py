"""Uma autoridade e um certificado só do teste."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

_CURVA = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2")


@dataclass(frozen=True)
class Certificado:
    """Os arquivos PEM: em quem o cliente confia, e com que o servidor se apresenta."""

    autoridade: Path
    certificado: Path
    chave: Path


def programa(nome: str) -> str:
    """O caminho de um programa do Debian; sem ele o teste é saltado, salvo com CI=true."""
    if caminho := shutil.which(nome, path=f"{os.environ['PATH']}:/usr/sbin"):
        return caminho
    motivo = f"não há {nome} nesta máquina (no Debian: apt install {nome})"
    if os.environ.get("CI") == "true":
        pytest.fail(motivo)
    pytest.skip(motivo)


def emitir(pasta: Path, *nomes: str) -> Certificado:
    """Um certificado para estes nomes (`DNS:loja.example.com`, `IP:127.0.0.1`)."""
    autoridade, chave_dela = pasta / "autoridade.pem", pasta / "autoridade-chave.pem"
    emitido = Certificado(autoridade, pasta / "certificado.pem", pasta / "chave.pem")
    dela = ("-subj", "/CN=Autoridade de teste", "-keyout", chave_dela, "-out", autoridade)
    _openssl_req(*dela, "-addext", "keyUsage=critical,keyCertSign")
    _openssl_req(
        *("-CA", autoridade, "-CAkey", chave_dela, "-subj", "/CN=teste"),
        *("-keyout", emitido.chave, "-out", emitido.certificado),
        *("-addext", f"subjectAltName={','.join(nomes)}"),
        *("-addext", "basicConstraints=critical,CA:FALSE"),
    )
    return emitido


def _openssl_req(*opcoes: str | Path) -> None:
    comando = [programa("openssl"), "req", "-x509", *_CURVA, *opcoes]
    subprocess.run(comando, check=True, capture_output=True)
