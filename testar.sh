#!/usr/bin/env bash
# Roda todas as verificações e todos os testes, e mostra no fim o que passou e o que falhou.
set -euo pipefail
cd -- "$(dirname -- "$(readlink -f -- "$0")")"

ajuda() {
    cat <<'FIM'
uso: ./testar.sh [--tudo | --mutantes [ALVO...] | --help]

Cria ou atualiza o .venv com requirements-dev.txt e roda ruff, mypy, import-linter, a conferência
das migrações, os testes de cada serviço e os que atravessam os serviços. Todos os passos rodam,
mesmo depois de uma falha; o código de saída é 0 só se todos passaram. Não precisa de .env.

  --tudo       também a matriz de falhas inteira, simulações mais longas e minutos de sobrecarga
  --mutantes   em vez disso tudo, estraga numa cópia as regras de cada serviço, uma linha de cada
               vez, e falha se os testes unitários não percebem um estrago que docs/mutantes.md não
               explica; uns 20 minutos num núcleo. ALVO é um serviço, ou `passos`, e são todos

A ordem da matriz e as simulações saem de uma semente, que elas mostram; SEMENTE=N a repete.
Os testes com PostgreSQL, nginx, Chromium ou libfaketime são saltados onde não estão instalados,
salvo com CI=true.
FIM
}

export TUDO=
mutantes=
case ${1-} in
'') ;;
--tudo) export TUDO=1 ;;
--mutantes) mutantes=1 && shift ;;
--help | -h) ajuda && exit 0 ;;
*)
    echo "erro: opção desconhecida: $1" >&2
    ajuda >&2
    exit 2
    ;;
esac

. ./ambiente.sh
preparar_ambiente requirements-dev.txt
export PATH="$PWD/.venv/bin:$PATH"

pasta=$(mktemp -d)
trap 'rm -rf "$pasta"' EXIT
servicos=$(python -c 'from ecommerce.servicos import SERVICOS; print(*SERVICOS)')

# um sistema só dos testes, que não lê o .env nem o ambiente de quem os roda
export SECRET_KEY=de-teste CHAVE_LOJA=da-loja CHAVE_INTERNA=interna ADMIN_SENHA=de-teste
export DADOS_DIR="$pasta" PYTHON_DOTENV_DISABLED=1
for servico in $servicos operadora; do
    unset "$(echo "$servico" | tr '[:lower:]' '[:upper:]')_DATABASE_URL"
done

if [ -n "$mutantes" ]; then
    python -m testes.mutantes "$@"
    exit
fi

resumo=()
falhou=0

# passo NOME COMANDO...: roda, guarda como terminou e segue adiante
passo() {
    local nome=$1 comeco=$SECONDS estado=ok
    shift
    printf '\n== %s\n' "$nome"
    "$@" 2>&1 | tee "$pasta/saida" || { estado=FALHOU && falhou=1; }
    resumo+=("$(printf '%-6s %4d s  %s %s' "$estado" $((SECONDS - comeco)) "$nome" \
        "$(grep -E '^=+ .*(passed|failed|error|no tests).* =+$' "$pasta/saida" | tail -n 1)")")
}

passo ruff ruff check .
passo formato ruff format --check .
passo tipos mypy .
passo camadas lint-imports
for servico in $servicos; do
    passo "migrações de $servico" python manage.py makemigrations --check --dry-run \
        --settings="ecommerce.settings.$servico"
done
for servico in $servicos; do
    passo "testes de $servico" pytest "$servico/testes" testes/cada_servico \
        --ds="ecommerce.settings.$servico"
done
passo "testes do que todos dividem" pytest ecommerce/testes --ds=ecommerce.settings.pagamentos
passo "simulação" pytest testes/simulacao --ds=testes.apoio.todos_os_servicos
passo "testes entre serviços" pytest testes ferramentas/testes laboratorio/testes

printf '\n== resumo\n'
printf '%s\n' "${resumo[@]}"
exit $falhou
