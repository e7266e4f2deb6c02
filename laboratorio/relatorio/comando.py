"""Mede tudo e escreve o relatório: dados, gráficos, markdown e uma página que se basta.

Com Ctrl-C para de medir e escreve o relatório do que já mediu.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from laboratorio.relatorio import coleta, diagramas, graficos, resumo, texto
from laboratorio.sistema.processos import RAIZ

INTERROMPIDO = 130


def argumentos(parser: argparse.ArgumentParser) -> None:
    semente, destino = coleta.SEMENTE, RAIZ / "relatorio"
    rapido = "poucas cargas e rodadas, em até três minutos: só prova que tudo anda"
    so_texto = "não mede: escreve de novo com os dados que há"
    parser.add_argument("--rapido", action="store_true", help=rapido)
    parser.add_argument(
        "--semente", type=int, default=semente, metavar="N", help=f"padrão {semente}"
    )
    parser.add_argument(
        "--destino", type=Path, default=destino, metavar="PASTA", help="padrão relatorio/"
    )
    parser.add_argument("--so-texto", action="store_true", help=so_texto)


def executar(args: argparse.Namespace) -> int:
    """Devolve 0, ou 130 se a medição foi interrompida; nos dois casos o relatório é escrito."""
    destino: Path = args.destino
    if args.so_texto and not (destino / "dados").is_dir():
        print(f"Não há dados em {destino / 'dados'}.", file=sys.stderr)
        return 1
    try:
        inteira = args.so_texto or coleta.coletar(destino, args.rapido, args.semente)
    finally:
        # o que se mediu antes de uma falha também é relatado
        escrever(destino)
    print(f"Relatório em {destino / 'relatorio.md'} e {destino / 'relatorio.html'}.")
    return 0 if inteira else INTERROMPIDO


def escrever(destino: Path) -> None:
    """Os gráficos, o markdown e a página, a partir de `destino`/dados."""
    dados = resumo.ler(destino / "dados")
    figuras = destino / "graficos"
    shutil.rmtree(figuras, ignore_errors=True)
    feitas = diagramas.desenhar(figuras) | graficos.desenhar(dados, figuras)
    markdown = texto.escrever(dados, feitas)
    (destino / "relatorio.md").write_text(markdown, encoding="utf-8")
    pagina = texto.em_pagina(markdown, destino)
    (destino / "relatorio.html").write_text(pagina, encoding="utf-8")
