"""Estraga o código um pouco de cada vez, numa cópia, e vê se os testes unitários percebem.

Quem estraga é o mutmut. Os estragos de que nenhum teste se queixa (os sobreviventes) têm de ser os
que docs/mutantes.md explica, nem mais nem menos. Chama-se por `./testar.sh --mutantes`.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from ecommerce.servicos import PASSOS, SERVICOS

RAIZ = Path(__file__).resolve().parents[2]
DOCUMENTO = RAIZ / "docs" / "mutantes.md"
NAO_SE_COPIA = shutil.ignore_patterns(".*", "__pycache__", "dados", "estaticos", "relatorio")


@dataclass(frozen=True)
class Alvo:
    """Os arquivos que se estragam e os testes que têm de perceber."""

    arquivos: tuple[str, ...]
    testes: tuple[str, ...]
    settings: str


def _do_servico(servico: str) -> Alvo:
    modulos = ["casos_de_uso", "dominio"] + ["saga", "retomada"] * (servico == "pedidos")
    pastas = [servico, *(f"{servico}/{externo}" for externo in SERVICOS[servico].externos)]
    arquivos = tuple(f"{pasta}/{modulo}.py" for pasta in pastas for modulo in modulos)
    return Alvo(arquivos, (f"{servico}/testes",), f"ecommerce.settings.{servico}")


# o que os passos dividem testa-se por onde se usa: os casos de uso dos serviços que estão na cadeia
ALVOS = {servico: _do_servico(servico) for servico in SERVICOS} | {
    "passos": Alvo(
        ("ecommerce/passos.py",),
        tuple(f"{servico}/testes/teste_casos_de_uso.py" for servico in PASSOS),
        "testes.apoio.todos_os_servicos",
    )
}


def rodar(alvo: Alvo) -> tuple[Counter[str], list[str]]:
    """Quantos mutantes há em cada módulo, e os que nenhum teste matou, como no documento."""
    with tempfile.TemporaryDirectory() as pasta:
        copia = Path(pasta) / "copia"
        shutil.copytree(RAIZ, copia, ignore=NAO_SE_COPIA)
        _configurar(copia, alvo)
        subprocess.run(["mutmut", "run", "--max-children", "1"], cwd=copia, check=True)
        # «modulo.x_funcao__mutmut_7: killed»
        linhas = _mutmut(copia, "results", "--all", "true").splitlines()
        desfechos = dict(linha.strip().rsplit(": ", 1) for linha in linhas)
        # quem passa do tempo também morreu: o teste não acabaria nunca
        vivos = [nome for nome, fim in desfechos.items() if fim not in ("killed", "timeout")]
        modulos = Counter(modulo_de(_funcao(nome)) for nome in desfechos)
        return modulos, [_descrever(nome, _mutmut(copia, "show", nome)) for nome in vivos]


def _configurar(copia: Path, alvo: Alvo) -> None:
    """A configuração do mutmut muda com o alvo: vai no fim do pyproject.toml da cópia."""
    opcoes = {
        "source_paths": alvo.arquivos,
        "also_copy": sorted(caminho.name for caminho in copia.iterdir()),
        "pytest_add_cli_args": [f"--ds={alvo.settings}", "-p", "no:cacheprovider"],
        "pytest_add_cli_args_test_selection": alvo.testes,
    }
    with (copia / "pyproject.toml").open("a") as arquivo:
        arquivo.write("\n[tool.mutmut]\n")
        arquivo.writelines(f"{nome} = {json.dumps(valor)}\n" for nome, valor in opcoes.items())


def _mutmut(copia: Path, *argumentos: str) -> str:
    comando = ["mutmut", *argumentos]
    return subprocess.run(comando, cwd=copia, check=True, capture_output=True, text=True).stdout


def _funcao(nome: str) -> str:
    """`pedidos.saga.x_mudar__mutmut_3` → `pedidos.saga: mudar`."""
    modulo, _, funcao = nome.partition("__mutmut_")[0].rpartition(".x")
    return f"{modulo}: {funcao.removeprefix('_').strip('ǁ').replace('ǁ', '.')}"


def _descrever(nome: str, diff: str) -> str:
    """A função, as linhas que saíram e as que entraram."""
    linhas = diff.split("\n@@", 1)[1].splitlines()[1:]
    mudou = [linha[0] + linha[1:].strip() for linha in linhas if linha[:1] in ("-", "+")]
    return "\n".join([_funcao(nome), *mudou])


def modulo_de(mutante: str) -> str:
    return mutante.partition(":")[0]


def so_texto(mutante: str) -> bool:
    """Se só muda, ou tira, um texto para gente ler: o que tem mais de uma palavra."""
    linhas = re.sub(r'f?"([^"\n]*)"', lambda t: "None" if " " in t[1] else t[0], mutante)
    antes, depois = ([x[1:] for x in linhas.splitlines() if x[0] == sinal] for sinal in "-+")
    return antes == depois


def main(nomes: list[str]) -> int:
    if fora := set(nomes) - set(ALVOS):
        print(f"erro: {min(fora)} não é um de: {', '.join(ALVOS)}.", file=sys.stderr)
        return 2
    comeco, total, vivos = time.monotonic(), Counter[str](), list[str]()
    for nome in nomes or ALVOS:
        print(f"\n== mutantes de {nome}", flush=True)
        modulos, vivos_daqui = rodar(ALVOS[nome])
        total += modulos
        vivos += vivos_daqui

    print(f"\n== resumo, em {(time.monotonic() - comeco) / 60:.0f} min")
    print("| módulo | mutantes | mortos | | só texto | explicados |\n|---|--:|--:|--:|--:|--:|")
    for modulo, quantos in [*total.items(), ("total", total.total())]:
        daqui = [mutante for mutante in vivos if modulo in (modulo_de(mutante), "total")]
        mortos, textos = quantos - len(daqui), sum(map(so_texto, daqui))
        nota = f"{mortos / quantos:.0%}".replace("%", " %")
        print(f"| {modulo} | {quantos} | {mortos} | {nota} | {textos} | {len(daqui) - textos} |")

    blocos = re.findall(r"```diff\n(.*?)\n```", DOCUMENTO.read_text(), re.DOTALL)
    explicados = {mutante for bloco in blocos for mutante in bloco.split("\n\n")}
    explicados = {mutante for mutante in explicados if modulo_de(mutante) in total}
    contam = {mutante for mutante in vivos if not so_texto(mutante)}
    for titulo, quais in (
        ("sobreviventes que docs/mutantes.md não explica", contam - explicados),
        ("explicados em docs/mutantes.md que já não sobrevivem", explicados - contam),
    ):
        if quais:
            print(f"\n== {titulo}", *sorted(quais), sep="\n\n")
    return int(contam != explicados)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit("\nInterrompido.")
