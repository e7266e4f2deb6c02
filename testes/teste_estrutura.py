"""As regras de arquitetura que o código tem de continuar cumprindo, lidas do próprio código."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from honcho.environ import parse_procfile

from ecommerce.servicos import SERVICOS
from laboratorio.sistema.processos import RAIZ, ambiente_de_fora
from pedidos.dominio import TRANSICOES

LINHAS_MAXIMAS = 300
LINHAS_DE_UMA_FUNCAO = 30
# o que toda aplicação tem, e o que em alguma não faria sentido
ARQUIVOS = {
    "__init__.py", "admin.py", "apps.py", "casos_de_uso.py", "dominio.py", "migrations",
    "models.py", "serializers.py", "servicer.py", "testes", "urls.py", "views.py", "vizinhos",
}  # fmt: skip
SEM = {"logistica": {"vizinhos"}}  # é o fim da cadeia: não chama ninguém
# leem e escrevem o ecommerce.db do enunciado, cujas colunas de dinheiro são REAL
COM_REAL = {
    RAIZ / "ferramentas" / nome
    for nome in (
        *("dados_de_exemplo/destinos.py", "dados_de_exemplo/geracao.py"),
        *("importacao/importar.py", "importacao/leitura.py", "importacao/historias.py"),
    )
}
DE_DINHEIRO = ("preco", "valor", "total", "reais", "centavos")


def fontes(*pastas: str) -> list[Path]:
    """Os arquivos Python do projeto, sem migrações, gerados e o programa do enunciado."""
    achados = [p for pasta in pastas or (".",) for p in (RAIZ / pasta).rglob("*.py")]
    fora = {".venv", "migrations", "enunciado", "node_modules"}
    sem_gerados = (caminho for caminho in achados if "_pb2" not in caminho.stem)
    return [caminho for caminho in sem_gerados if not fora & set(caminho.relative_to(RAIZ).parts)]


def arvore(caminho: Path) -> ast.Module:
    return ast.parse(caminho.read_text(encoding="utf-8"), str(caminho))


def funcoes(no: ast.AST) -> Iterator[ast.FunctionDef]:
    return (filho for filho in ast.walk(no) if isinstance(filho, ast.FunctionDef))


def importados(caminho: Path) -> Iterator[str]:
    for no in ast.walk(arvore(caminho)):
        if isinstance(no, ast.Import):
            yield from (nome.name for nome in no.names)
        if isinstance(no, ast.ImportFrom):
            yield no.module or "."


def teste_as_camadas_so_se_importam_para_baixo() -> None:
    saida = subprocess.run(
        [Path(sys.executable).with_name("lint-imports")],
        cwd=RAIZ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert saida.returncode == 0, saida.stdout


def teste_antes_do_commit_roda_o_que_o_testar_verifica_em_segundos() -> None:
    testar = (RAIZ / "testar.sh").read_text(encoding="utf-8")
    passos = re.findall(r"^passo (\w+) ((?:ruff|mypy|lint-imports).*)$", testar, re.MULTILINE)
    configuracao = yaml.safe_load((RAIZ / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    ganchos = [g for repositorio in configuracao["repos"] for g in repositorio["hooks"]]
    assert passos
    assert [(g["name"], g["entry"]) for g in ganchos] == [(n, f".venv/bin/{c}") for n, c in passos]


def teste_as_settings_do_mypy_carregam_sem_env_nem_chaves_no_ambiente() -> None:
    subprocess.run(
        [sys.executable, "-c", "import testes.apoio.todos_os_servicos"],
        cwd=RAIZ,
        env=ambiente_de_fora() | {"PYTHON_DOTENV_DISABLED": "1"},
        check=True,
    )


@pytest.mark.parametrize("servico", SERVICOS)
def teste_o_dominio_so_conhece_a_biblioteca_padrao_e_os_erros(servico: str) -> None:
    for modulo in importados(RAIZ / servico / "dominio.py"):
        padrao = modulo.partition(".")[0] in sys.stdlib_module_names
        assert padrao or modulo == "ecommerce.erros", modulo


def teste_todos_os_lugares_falam_dos_mesmos_seis_servicos() -> None:
    linhas = parse_procfile((RAIZ / "Procfile").read_text(encoding="utf-8")).processes
    de_settings = {p.stem for p in (RAIZ / "ecommerce" / "settings").glob("[!_]*.py")} - {"base"}
    aplicacoes = {p.parent.name for p in RAIZ.glob("*/apps.py")} - {"ferramentas"}
    assert [nome for nome in linhas if nome in SERVICOS] == list(SERVICOS)
    assert de_settings == aplicacoes == set(SERVICOS)
    for nome in SERVICOS:
        assert f"DJANGO_SETTINGS_MODULE=ecommerce.settings.{nome} " in linhas[nome]


def teste_a_cadeia_segue_a_ordem_da_tabela() -> None:
    cadeia = [servico for servico in SERVICOS.values() if servico.nome != "catalogo"]
    for este, seguinte in pairwise(cadeia):
        assert este.proximo == seguinte.nome
        for transporte in ("rest", "grpc"):
            vizinho = RAIZ / este.nome / "vizinhos" / f"{transporte}.py"
            assert f"class {seguinte.nome.capitalize()}Por" in vizinho.read_text(encoding="utf-8")
    assert cadeia[-1].proximo is None


@pytest.mark.parametrize("servico", SERVICOS)
def teste_as_seis_aplicacoes_tem_a_mesma_planta(servico: str) -> None:
    presentes = {caminho.name for caminho in (RAIZ / servico).iterdir()}
    assert presentes >= ARQUIVOS - SEM.get(servico, set())
    assert not presentes & SEM.get(servico, set()), "já não é exceção"


def teste_o_readme_desenha_a_maquina_de_estados_que_o_codigo_segue() -> None:
    desenho = (RAIZ / "README.md").read_text(encoding="utf-8").partition("stateDiagram-v2")[2]
    setas = re.findall(r"^ +(\w+) --> (\w+): (.+)$", desenho.partition("```")[0], re.MULTILINE)
    esperadas = [(de, para, por) for de, s in TRANSICOES.items() for para, por in s.items()]
    assert setas == esperadas


def teste_nenhum_arquivo_e_grande_demais_nem_gaveta_de_tudo() -> None:
    for caminho in fontes():
        linhas = len(caminho.read_text(encoding="utf-8").splitlines())
        assert linhas <= LINHAS_MAXIMAS, f"{caminho}: {linhas} linhas"
        assert caminho.stem not in {"utils", "helpers", "manager", "util", "common"}, caminho


def teste_ninguem_engole_um_erro_desconhecido() -> None:
    for caminho in fontes():
        for no in ast.walk(arvore(caminho)):
            if isinstance(no, ast.ExceptHandler):
                tipo = ast.unparse(no.type) if no.type else ""
                fim = no.body[-1]
                # abortar uma chamada gRPC levanta, como um raise
                segue = not isinstance(fim, ast.Raise) and "abort" not in ast.unparse(fim)
                pega_tudo = tipo in {"", "Exception", "BaseException"}
                assert not (pega_tudo and segue), f"{caminho}:{no.lineno}"


def teste_dinheiro_nunca_e_float() -> None:
    for caminho in set(fontes("ecommerce", "ferramentas", *SERVICOS)) - COM_REAL:
        for no in ast.walk(arvore(caminho)):
            if isinstance(no, ast.Call) and ast.unparse(no.func) == "float":
                assert isinstance(no.args[0], ast.Constant), f"{caminho}:{no.lineno}"
            if isinstance(no, ast.arg | ast.AnnAssign) and no.annotation:
                nome = no.arg if isinstance(no, ast.arg) else ast.unparse(no.target)
                em_float = "float" in ast.unparse(no.annotation)
                assert not (em_float and any(d in nome for d in DE_DINHEIRO)), f"{caminho}: {nome}"
            if isinstance(no, ast.Call) and ast.unparse(no.func) == "models.DecimalField":
                pytest.fail(f"{caminho}:{no.lineno}: o SQLite guardaria um REAL")


@pytest.mark.parametrize("servico", SERVICOS)
def teste_as_views_so_traduzem(servico: str) -> None:
    classes = [
        no for no in arvore(RAIZ / servico / "views.py").body if isinstance(no, ast.ClassDef)
    ]
    metodos = [metodo for classe in classes for metodo in funcoes(classe)]
    assert metodos
    for metodo in metodos:
        decisoes = [n for n in ast.walk(metodo) if isinstance(n, ast.If | ast.IfExp | ast.Match)]
        assert not decisoes, f"{servico}.{metodo.name}: decidir é do caso de uso"
        assert not any(isinstance(n, ast.Try) for n in ast.walk(metodo)), metodo.name


@pytest.mark.parametrize("servico", SERVICOS)
def teste_um_caso_de_uso_cabe_nos_olhos_e_so_tem_argumentos_com_nome(servico: str) -> None:
    modulo = arvore(RAIZ / servico / "casos_de_uso.py")
    for funcao in funcoes(modulo):
        linhas = (funcao.end_lineno or 0) - funcao.lineno + 1
        assert linhas <= LINHAS_DE_UMA_FUNCAO, f"{servico}.{funcao.name}: {linhas} linhas"
    publicas = [no for no in modulo.body if isinstance(no, ast.FunctionDef) and no.name[0] != "_"]
    assert publicas
    for funcao in publicas:
        assert not funcao.args.args, f"{servico}.{funcao.name}"
        assert funcao.returns and ast.get_docstring(funcao), f"{servico}.{funcao.name}"
