"""Os comandos do laboratório: `python -m laboratorio <comando> --help`."""

from __future__ import annotations

import argparse
import signal
import sys
from types import ModuleType

from laboratorio.custo import comando as custo
from laboratorio.falhas import comando as falhas
from laboratorio.perfil import comando as perfil
from laboratorio.relatorio import comando as relatorio

# cada módulo tem `argumentos(parser)` e `executar(args)`, e se descreve na docstring
COMANDOS: dict[str, ModuleType] = {
    "custo": custo,
    "falhas": falhas,
    "perfil": perfil,
    "relatorio": relatorio,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m laboratorio", description=__doc__)
    comandos = parser.add_subparsers(dest="comando", required=True, metavar="comando")
    for nome, modulo in COMANDOS.items():
        descricao = (modulo.__doc__ or "").strip().partition("\n")[0]
        comando = comandos.add_parser(nome, help=descricao, description=modulo.__doc__)
        modulo.argumentos(comando)
        comando.set_defaults(executar=modulo.executar)
    args = parser.parse_args()
    for sinal in (signal.SIGTERM, signal.SIGHUP):
        # o mesmo fim ordenado do Ctrl-C: nenhum processo fica para trás
        signal.signal(sinal, signal.default_int_handler)
    codigo: int = args.executar(args)
    return codigo


if __name__ == "__main__":
    sys.exit(main())
