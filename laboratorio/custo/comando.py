"""Quanto custa um checkout, contra a receita do enunciado na mesma corrida (uns 3 minutos).

Põe tudo no ar em sua própria pasta e portas, alterna REST, gRPC e as duas receitas, e mostra CPU
por checkout, vazão, latência, commits, início, memória e as metas. Ctrl-C mostra o que já se mediu.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from rich.console import Console

from laboratorio.carga.medicao import TRANSPORTES
from laboratorio.custo.corrida import INTEIRO, RAPIDO, Corrida, colher
from laboratorio.custo.numeros import Colheita, metas, numeros
from laboratorio.custo.tabelas import mostrar

INTERROMPIDO = 130


def argumentos(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", metavar="ARQUIVO", help="escreve tudo em JSON; - é a saída")
    parser.add_argument("--rapido", action="store_true", help="só prova que funciona")
    parser.add_argument(
        "--pedidos",
        type=int,
        default=0,
        metavar="N",
        help="mede também um sistema que já tem N pedidos nos bancos",
    )


def executar(args: argparse.Namespace) -> int:
    console = Console(stderr=args.json == "-")
    colheita = Colheita()
    codigo = 0
    with tempfile.TemporaryDirectory() as pasta:
        try:
            corrida = Corrida.em(Path(pasta), args.pedidos)
            colher(colheita, RAPIDO if args.rapido else INTEIRO, corrida, console)
        except KeyboardInterrupt:
            console.print("[yellow]Interrompido: isto é o que já se mediu.[/]")
            codigo = INTERROMPIDO
    mostrar(colheita, console)
    if args.json:
        _escrever(colheita, args.json)
    return codigo


def _escrever(colheita: Colheita, onde: str) -> None:
    dados = {
        "numeros": [
            asdict(numero) | {"razao": {t: numero.razao(t) for t in TRANSPORTES}}
            for numero in numeros(colheita)
        ],
        "metas": [asdict(meta) | {"cumprida": meta.cumprida} for meta in metas(colheita)],
        **asdict(colheita),
    }
    texto = json.dumps(dados, ensure_ascii=False, indent=1) + "\n"
    if onde == "-":
        sys.stdout.write(texto)
    else:
        Path(onde).write_text(texto, encoding="utf-8")
