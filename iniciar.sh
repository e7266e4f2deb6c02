#!/bin/sh
# Prepara tudo numa máquina nova e põe os seis serviços no ar.
set -eu
cd -- "$(dirname -- "$(readlink -f -- "$0")")"

ajuda() {
    cat <<'FIM'
uso: ./iniciar.sh [--demo]

Prepara tudo (ambiente virtual, dependências, chaves em .env, bancos com dados de exemplo e o
usuário admin) e põe os seis serviços no ar. Ctrl-C para todos, terminando o que está em curso.

  --demo    faz também um pedido e mostra o que cada serviço fez com ele
  --help    mostra esta ajuda

O ambiente vence o .env: DADOS_DIR, PORTA_REST_BASE, ENDERECO e <SERVICO>_DATABASE_URL, entre
outras, deixam dois sistemas rodarem lado a lado. O README lista todas.
FIM
}

for opcao in "$@"; do
    case $opcao in
    --demo) ;;
    --help | -h) ajuda && exit 0 ;;
    *)
        echo "erro: opção desconhecida: $opcao" >&2
        ajuda >&2
        exit 2
        ;;
    esac
done

. ./ambiente.sh
preparar_ambiente requirements.txt
PATH="$PWD/.venv/bin:$PATH"
export PATH
exec python -m ecommerce.partida.iniciar "$@"
