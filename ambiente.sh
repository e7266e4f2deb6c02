# Cria ou atualiza o .venv; lido por ./iniciar.sh e ./testar.sh, que já estão na raiz do projeto.
# Precisa só do python3 (3.11 ou mais novo) com venv; usa o uv se estiver no PATH.

achar_python() {
    for candidato in python3 python3.13 python3.12 python3.11; do
        if "$candidato" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidato"
            return
        fi
    done
    echo "erro: é preciso o python3, 3.11 ou mais novo." >&2
    return 1
}

exigir_gravavel() {
    if ! { mkdir -p .venv && [ -w .venv ]; } 2>/dev/null; then
        echo "erro: não dá para gravar em $PWD/.venv; veja de quem é a pasta." >&2
        exit 1
    fi
}

criar_venv() {
    python=$(achar_python) || exit 1
    if command -v uv >/dev/null; then
        uv venv --quiet --clear --python "$(command -v "$python")" .venv
    elif ! "$python" -m venv --clear .venv; then
        echo "erro: o $python não tem o módulo venv (no Debian: apt install python3-venv)." >&2
        exit 1
    fi
}

instalar() {
    if command -v uv >/dev/null; then
        uv pip install --quiet --compile-bytecode --python .venv/bin/python --require-hashes -r "$1"
    else
        .venv/bin/python -m pip --version >/dev/null 2>&1 || .venv/bin/python -m ensurepip
        .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$1"
    fi
}

# preparar_ambiente ARQUIVO: instala o ARQUIVO de dependências se ele mudou desde a última vez
preparar_ambiente() {
    if ! .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        exigir_gravavel
        echo "Criando o ambiente virtual em .venv."
        criar_venv
    fi
    if ! cmp -s "$1" ".venv/instalado-$1"; then
        exigir_gravavel
        echo "Instalando as dependências de $1."
        rm -f .venv/instalado-*
        instalar "$1"
        # requirements-dev.txt traz também tudo o que está em requirements.txt
        cp requirements.txt .venv/instalado-requirements.txt
        cp "$1" ".venv/instalado-$1"
    fi
}
