"""Divide um ecommerce.db pelos bancos dos seis serviços."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from ferramentas.dados_de_exemplo.bancos import bancos_vazios, confirmar, gravar
from ferramentas.dados_de_exemplo.tabelas import linhas
from ferramentas.importacao.importar import importar
from ferramentas.importacao.ocorrencias import REGRAS, Ocorrencias


class Command(BaseCommand):
    help = (
        "Divide um ecommerce.db (o do enunciado ou o de gerar_dados) pelos seis bancos, que têm "
        "de estar migrados e vazios, e diz o que foi recusado ou reparado, e por quê. Pedidos "
        "sem fim ficam em andamento; datas sem fuso são lidas como UTC. Ou tudo é gravado, ou nada."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("arquivo", type=Path, help="o ecommerce.db a importar")
        parser.add_argument("--json", action="store_true", help="o relatório em JSON")

    def handle(self, *args: Any, **opcoes: Any) -> None:
        loja, ocorrencias = importar(opcoes["arquivo"])
        try:
            with bancos_vazios() as bancos:
                gravar(bancos, linhas(loja))
                confirmar(bancos)
        except DatabaseError as erro:
            raise CommandError(f"Nada foi gravado: {erro}") from erro
        except KeyboardInterrupt:
            raise CommandError("Interrompido: nada foi gravado.", returncode=130) from None
        texto = _em_json(ocorrencias) if opcoes["json"] else _em_texto(ocorrencias)
        self.stdout.write(texto)


def _em_json(ocorrencias: Ocorrencias) -> str:
    anotadas = [{**asdict(o), "acao": o.acao, "motivo": o.motivo} for o in ocorrencias.anotadas]
    return json.dumps(
        {
            "pedidos": ocorrencias.por_status.total(),
            "por_status": dict(ocorrencias.por_status),
            "em_andamento": ocorrencias.em_andamento,
            "por_regra": ocorrencias.por_regra,
            "ocorrencias": anotadas,
        },
        ensure_ascii=False,
    )


def _em_texto(ocorrencias: Ocorrencias) -> str:
    """Uma linha por ocorrência, e no fim quantas houve de cada regra."""
    detalhe = [f"{o.tabela} {o.id}: {o.acao}, {o.motivo}." for o in ocorrencias.anotadas]
    resumo = [
        f"{quantas:8} × {regra} ({REGRAS[regra][0]}): {REGRAS[regra][1]}."
        for regra, quantas in ocorrencias.por_regra.items()
    ]
    status = ", ".join(f"{n} {s}" for s, n in sorted(ocorrencias.por_status.items())) or "nenhum"
    total = ocorrencias.por_status.total()
    return "\n".join(
        [
            *detalhe,
            *(["", "Linhas recusadas ou reparadas, por regra:", *resumo, ""] if resumo else []),
            f"{total} pedidos importados: {status} ({ocorrencias.em_andamento} em andamento).",
        ]
    )
