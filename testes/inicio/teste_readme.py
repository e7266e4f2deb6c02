"""Os comandos dos dois READMEs, como estão escritos, num clone com o sistema no ar."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from dotenv import dotenv_values

from ecommerce.servicos import SERVICOS
from laboratorio.sistema.processos import RAIZ, porta_base_livre
from testes.apoio.inicio import Iniciado, clonar

READMES = ("README.md", "README.en.md")
PRIMEIRO_INICIO_S = 180  # inclui instalar as dependências
COMECO = "./iniciar.sh --demo"

# o que aqui não roda como está escrito: o comando, o que roda no lugar dele e por quê
EXCECOES = (
    (re.escape(COMECO), ":", "é o que pôs no ar o sistema em que os outros rodam"),
    (r"\./testar\.sh", "./testar.sh --help", "roda também este teste"),
    (r"\./medir\.sh (\w+.*?)", r"./medir.sh \1 --help", "cada um mede durante minutos"),
    (r"(.+ importar_ecommerce_db) ARQ\.db", r"\1 --help", "o arquivo é o de quem lê"),
    (r"createdb pedidos(?s:.+?)\./iniciar\.sh", ":", "nem toda máquina tem PostgreSQL"),
    (r"export ENDERECO=10(?s:.+)\./iniciar\.sh", ":", "é preciso outra máquina"),
)
# um pedaço do bloco, e o que ele mostra
MOSTRA = {
    "./testar.sh": r"uso: \./testar\.sh",
    "curl -s http": r'^\[\{"id":1,"nome":(?s:.)+"metodo":"pix"(?s:.)+"envio":\{"status"',
    "grpc_requests": r"'status': 'enviado'",
    "PedidoStub": r'status: "enviado"',
    "./medir.sh": r"laboratorio perfil(?s:.)+--rapido",
    "gerar_dados": r"--semente(?s:.)+importar_ecommerce_db",
    "auditar": r"I1(?s:.)+I9",
}


@dataclass(frozen=True)
class Bloco:
    """Um bloco de código de um README."""

    onde: str
    linguagem: str
    texto: str

    @property
    def sem_comentarios(self) -> str:
        return re.sub(r"(^|[ \t]+)#.*\n", "\n", self.texto, flags=re.MULTILINE).strip()

    @property
    def roda_aqui(self) -> str:
        """O texto, menos as exceções."""
        texto = self.texto
        for comando, no_lugar, _ in EXCECOES:
            texto = re.sub(rf"^{comando}(?=\s*(#.*)?$)", no_lugar, texto, flags=re.MULTILINE)
        return texto


def blocos(readme: str) -> list[Bloco]:
    """Os blocos de código do README, menos os desenhos."""
    texto = (RAIZ / readme).read_text(encoding="utf-8")
    achados = re.finditer(r"^```(\w*)\n(.+?)^```$", texto, re.MULTILINE | re.DOTALL)
    return [
        Bloco(f"{readme}:{texto.count(chr(10), 0, achado.start()) + 1}", *achado.groups())
        for achado in achados
        if achado[1] != "mermaid"
    ]


TODOS = [bloco for readme in READMES for bloco in blocos(readme)]


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clonar(tmp_path_factory.mktemp("clone-do-readme"))


@pytest.fixture(scope="module")
def no_ar(clone: Path) -> Iterator[Iniciado]:
    """O sistema no ar e, como os READMEs pedem, com o que o ./medir.sh instala."""
    inicio = Iniciado(clone, *COMECO.split()[1:], porta_base=porta_base_livre())
    try:
        inicio.esperar_demonstracao(PRIMEIRO_INICIO_S)
        assert inicio.processo.poll() is None, inicio.saida
        subprocess.run(["./medir.sh", "--help"], cwd=clone, env=inicio.ambiente, check=True)
        yield inicio
    finally:
        inicio.encerrar()


@pytest.mark.parametrize("bloco", TODOS, ids=lambda bloco: bloco.onde)
def teste_o_bloco_roda_como_esta_escrito(clone: Path, no_ar: Iniciado, bloco: Bloco) -> None:
    # dadas as portas deste sistema no lugar das de sempre
    texto = re.sub(
        r"\b(800|5005)([0-5])\b",
        lambda porta: str(
            no_ar.porta_base + int(porta[2]) + (len(SERVICOS) if porta[1] == "5005" else 0)
        ),
        bloco.roda_aqui,
    )

    # quando se cola o bloco num shell, ou no Python de um shell que já leu o .env
    if bloco.linguagem == "sh":
        comando, ambiente = ["sh", "-ec", texto], no_ar.ambiente
    else:
        assert bloco.linguagem == "python", f"{bloco.onde}: o teste não roda {bloco.linguagem!r}"
        comando = [".venv/bin/python", "-c", texto]
        ambiente = no_ar.ambiente | {n: v or "" for n, v in dotenv_values(clone / ".env").items()}
    fim = subprocess.run(
        comando, cwd=clone, env=ambiente, capture_output=True, text=True, timeout=60, check=False
    )

    # então ele termina bem, nada nele foi recusado, e mostra o que deve
    assert fim.returncode == 0, fim.stdout + fim.stderr
    assert not re.search(r'"codigo": ?"|Traceback', fim.stdout + fim.stderr), fim.stdout
    for pedaco, saida in MOSTRA.items():
        if pedaco in bloco.texto:
            assert re.search(saida, fim.stdout, re.MULTILINE), f"{saida}: {fim.stdout}"


def teste_os_stubs_do_clone_sao_os_do_projeto(clone: Path, no_ar: Iniciado) -> None:
    for stub in (RAIZ / "ecommerce" / "contratos").glob("*_pb2*"):
        assert (clone / "ecommerce" / "contratos" / stub.name).read_bytes() == stub.read_bytes()


def teste_os_dois_readmes_tem_os_mesmos_blocos() -> None:
    portugues, ingles = (
        [(bloco.linguagem, bloco.sem_comentarios) for bloco in blocos(readme)] for readme in READMES
    )
    assert portugues == ingles


@pytest.mark.parametrize("readme", READMES)
def teste_o_que_se_diz_dos_blocos_ainda_vale(readme: str) -> None:
    texto = "".join(bloco.texto for bloco in blocos(readme))
    for comando, _, porque in EXCECOES:
        assert re.search(rf"^{comando}(?=\s*(#.*)?$)", texto, re.MULTILINE), porque
    for pedaco in MOSTRA:
        assert pedaco in texto
