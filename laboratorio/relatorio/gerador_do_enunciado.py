"""O gerador de dados do enunciado, rodado de verdade: o que há de errado no que ele gera."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from ferramentas.importacao.importar import importar
from ferramentas.importacao.ocorrencias import REGRAS
from laboratorio.sistema.processos import RAIZ

GERADOR = RAIZ / "testes" / "enunciado" / "gerador_original.py"
SEMENTE = 1


def examinar() -> dict[str, Any]:
    """Gera um ecommerce.db e o importa: quantas linhas cada regra teve de recusar ou reparar."""
    with tempfile.TemporaryDirectory() as pasta:
        arquivo = Path(pasta) / "ecommerce.db"
        subprocess.run(  # noqa: S603 - o programa é do projeto
            [sys.executable, GERADOR, arquivo, str(SEMENTE)], check=True, capture_output=True
        )
        _, relatorio = importar(arquivo)
    regras = [
        {"acao": REGRAS[regra][0], "motivo": REGRAS[regra][1], "linhas": linhas}
        for regra, linhas in relatorio.por_regra.items()
    ]
    return {"semente": SEMENTE, "pedidos": sum(relatorio.por_status.values()), "regras": regras}
