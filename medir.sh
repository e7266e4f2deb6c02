#!/bin/sh
# Prepara o ambiente e roda um comando do laboratório: cargas, falhas, custos e o relatório.
set -eu
cd -- "$(dirname -- "$(readlink -f -- "$0")")"

. ./ambiente.sh
preparar_ambiente requirements-dev.txt
exec .venv/bin/python -m laboratorio "${@:---help}"
