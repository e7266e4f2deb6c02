#!/bin/sh
# Escreve requirements.txt e requirements-dev.txt a partir dos .in.
set -eu
cd -- "$(dirname -- "$(readlink -f -- "$0")")"

ajuda() {
    cat <<'FIM'
uso: ./fixar.sh [--upgrade | --upgrade-package PACOTE | --help]

Escreve requirements.txt e requirements-dev.txt a partir de requirements.in e requirements-dev.in,
com a versão e os hashes de cada pacote, para qualquer sistema e para o Python 3.11 ou mais novo.
O que já está fixado fica na versão em que está. Precisa da rede e do uv, que ./testar.sh instala.

  --upgrade                  passa tudo para a versão mais nova que os .in admitem
  --upgrade-package PACOTE   passa só este
FIM
}

case ${1-} in
--help | -h) ajuda && exit 0 ;;
esac

PATH="$PWD/.venv/bin:$PATH"
if ! command -v uv >/dev/null; then
    echo "erro: falta o uv: rode ./testar.sh, que o instala em .venv." >&2
    exit 1
fi
# fewest: a mesma versão em todo Python, em vez da mais nova que cada um admite
for nome in requirements requirements-dev; do
    uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest \
        --generate-hashes --custom-compile-command ./fixar.sh "$@" \
        "$nome.in" --output-file "$nome.txt"
done
