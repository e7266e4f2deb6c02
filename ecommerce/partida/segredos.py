"""As chaves do sistema, sorteadas uma vez por instalação."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from ecommerce.ambiente import SORTEADAS

_CABECALHO = "# Escrito na primeira vez por ./iniciar.sh. O que estiver no ambiente vence.\n"


def escrever_env(caminho: Path) -> bool:
    """Cria o `.env`, que só o dono lê, com chaves novas; devolve False se já havia um."""
    try:
        descritor = os.open(caminho, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(descritor, "w", encoding="utf-8") as arquivo:
        linhas = [f"{chave.nome}={secrets.token_urlsafe(32)}\n" for chave in SORTEADAS]
        arquivo.write(_CABECALHO + "".join(linhas))
    return True
