"""O ambiente: o que cada variável aceita, o que não combina, e que só um lugar o lê."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from ipaddress import ip_network
from pathlib import Path

import pytest

from ecommerce import ambiente
from ecommerce.ambiente import RAIZ, TABELA, AmbienteInvalido
from ecommerce.servicos import SERVICOS

Variaveis = dict[str, str]
GUNICORN = ("-m", "gunicorn", "--check-config", "-c", "ecommerce/partida/gunicorn_conf.py")


@pytest.fixture(autouse=True)
def so_as_chaves(monkeypatch: pytest.MonkeyPatch) -> None:
    """Um ambiente em que nada do projeto está definido, a não ser as chaves."""
    for variavel in TABELA:
        for servico in SERVICOS:
            monkeypatch.delenv(variavel.de(servico).nome, raising=False)
    for chave in ambiente.SORTEADAS:
        monkeypatch.setenv(chave.nome, f"de-{chave.nome}")
    monkeypatch.setenv("PYTHON_DOTENV_DISABLED", "1")


def carregar_com(monkeypatch: pytest.MonkeyPatch, **variaveis: str) -> None:
    for nome, valor in variaveis.items():
        monkeypatch.setenv(nome, valor)
    ambiente.carregar(SERVICOS)


def teste_sem_nada_valem_os_padroes(monkeypatch: pytest.MonkeyPatch) -> None:
    carregar_com(monkeypatch)

    assert ambiente.PRAZO_CHECKOUT_MS.ler() == 10_000
    assert ambiente.PORTA_REST_BASE.ler() == 8000
    assert ambiente.DADOS_DIR.ler() == RAIZ / "dados"
    assert ambiente.PRODUCAO.ler() is False
    assert ambiente.ALLOWED_HOSTS.ler() == []
    assert ambiente.PROXIES_CONFIAVEIS.ler() == []
    assert ambiente.HSTS.ler() == "host"
    assert ambiente.CA_CERTIFICADOS.ler() == ""
    assert ambiente.DATABASE_URL.de("fiscal").ler() == ""


def teste_vazia_e_como_se_nao_estivesse(monkeypatch: pytest.MonkeyPatch) -> None:
    opcionais = [v.de(s).nome for v in TABELA if v not in ambiente.SORTEADAS for s in SERVICOS]

    carregar_com(monkeypatch, **dict.fromkeys(opcionais, ""))

    assert ambiente.PORTA_GRPC_BASE.ler() == 50050
    assert SERVICOS["fiscal"].url_rest == "http://127.0.0.1:8003"


@pytest.mark.parametrize(
    ("nome", "valor", "lido"),
    [
        ("PRAZO_CHECKOUT_MS", "1", 1),
        ("PRAZO_CHECKOUT_MS", "600000", 600_000),
        ("PRODUCAO", "1", True),
        ("PRODUCAO", "0", False),
        ("DADOS_DIR", "/srv/dados", Path("/srv/dados")),
        ("DADOS_DIR", "outra", RAIZ / "outra"),
        ("ENDERECO", "::1", "::1"),
        ("ALLOWED_HOSTS", "loja.example.com, .interno,*", ["loja.example.com", ".interno", "*"]),
        ("CSRF_TRUSTED_ORIGINS", "https://loja.example.com", ["https://loja.example.com"]),
        ("PROXIES_CONFIAVEIS", "127.0.0.1, ::1,", [ip_network("127.0.0.1"), ip_network("::1")]),
        ("PROXIES_CONFIAVEIS", "10.0.0.0/8", [ip_network("10.0.0.0/8")]),
        ("FISCAL_URL_PUBLICA", "https://loja.example.com:8446/", "https://loja.example.com:8446"),
        ("HSTS", "preload", "preload"),
        ("CA_CERTIFICADOS", "README.md", str(RAIZ / "README.md")),
        ("CA_CERTIFICADOS", __file__, __file__),
        ("FISCAL_REST_URL", "https://fiscal.example.com/api/", "https://fiscal.example.com/api"),
        ("FISCAL_REST_URL", "http://[::1]:8003", "http://[::1]:8003"),
        ("FISCAL_GRPC_ALVO", "dns:///fiscal:50053", "dns:///fiscal:50053"),
        ("FISCAL_DATABASE_URL", "postgres://u:s@h/b", "postgres://u:s@h/b"),
    ],
)
def teste_o_que_serve(monkeypatch: pytest.MonkeyPatch, nome: str, valor: str, lido: object) -> None:
    carregar_com(monkeypatch, **{nome: valor})

    variavel = next(v for v in TABELA if v.de("fiscal").nome == nome)
    assert variavel.de("fiscal").ler() == lido


@pytest.mark.parametrize(
    ("nome", "valor"),
    [
        *(("PRAZO_CHECKOUT_MS", valor) for valor in ("abc", "0", "-1", "600001", "1.5", "١")),
        *(("PORTA_REST_BASE", valor) for valor in ("http", "65531")),
        *(("PRODUCAO", valor) for valor in ("sim", "true", "2")),
        *(("ENDERECO", valor) for valor in ("http://h", "127.0.0.1:8000", "a b")),
        *(("FISCAL_REST_URL", valor) for valor in ("fiscal:8003", "http://", "http://h:99999")),
        ("FISCAL_REST_URL", "http://u:s@h"),
        ("FISCAL_GRPC_ALVO", "http://fiscal:50053"),
        ("ALLOWED_HOSTS", "http://loja"),
        ("CSRF_TRUSTED_ORIGINS", "loja.example.com"),
        *(("PROXIES_CONFIAVEIS", valor) for valor in ("*", "nginx", "10.0.0.5/8", "10.0.0.1:80")),
        *(("FISCAL_URL_PUBLICA", valor) for valor in ("loja.example.com", "https://h/fiscal")),
        ("HSTS", "1"),
        *(("CA_CERTIFICADOS", valor) for valor in ("nao-ha.pem", "docs")),
        ("RETOMAR_APOS_S", "0"),
        ("RETOMAR_INTERVALO_S", "x"),
        ("DESISTIR_APOS_S", "15 min"),
        ("SIMULACAO", "x"),
        ("QUEDAS_ARMADAS", "x"),
    ],
)
def teste_o_que_nao_serve_e_dito_com_nome_e_valor(
    monkeypatch: pytest.MonkeyPatch, nome: str, valor: str
) -> None:
    with pytest.raises(AmbienteInvalido) as dito:
        carregar_com(monkeypatch, **{nome: valor})

    assert str(dito.value).startswith(f"{nome} deve ser ")
    assert valor in str(dito.value)


@pytest.mark.parametrize(
    ("nome", "valor"),
    [
        ("PEDIDOS_DATABASE_URL", "mysql://u:segredo@h/b"),
        ("PEDIDOS_DATABASE_URL", "postgres://u:segredo@h:99999/b"),
        ("PEDIDOS_DATABASE_URL", "postgres://u:segredo@h"),
        ("CHAVE_LOJA", "um segredo"),
        ("SECRET_KEY", "segredó"),
    ],
)
def teste_o_valor_de_uma_secreta_nunca_e_dito(
    monkeypatch: pytest.MonkeyPatch, nome: str, valor: str
) -> None:
    with pytest.raises(AmbienteInvalido, match=f"^{nome} deve ser ") as dito:
        carregar_com(monkeypatch, **{nome: valor})

    assert "segred" not in str(dito.value)


@pytest.mark.parametrize(
    ("variaveis", "dito"),
    [
        ({"SECRET_KEY": "", "CHAVE_LOJA": ""}, "falta SECRET_KEY, CHAVE_LOJA:"),
        ({"CHAVE_LOJA": "igual", "CHAVE_INTERNA": "igual"}, "não podem ser iguais"),
        ({"QUEDAS_ARMADAS": "1", "PRODUCAO": "1"}, "não pode ser 1 com PRODUCAO=1"),
        ({"PORTA_GRPC_BASE": "8005"}, "dividem portas"),
        ({"PORTA_GRPC_BASE": "7995"}, "dividem portas"),
    ],
)
def teste_o_que_falta_e_o_que_nao_combina(
    monkeypatch: pytest.MonkeyPatch, variaveis: Variaveis, dito: str
) -> None:
    with pytest.raises(AmbienteInvalido, match=dito):
        carregar_com(monkeypatch, **variaveis)


def teste_a_url_publica_e_a_dos_outros_quando_ninguem_diz(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    carregar_com(monkeypatch, FISCAL_REST_URL="http://[::1]:8003")
    fiscal = SERVICOS["fiscal"]
    assert fiscal.url_publica == "http://[::1]:8003"

    carregar_com(monkeypatch, FISCAL_URL_PUBLICA="https://loja.example.com:8446")
    assert fiscal.url_publica == "https://loja.example.com:8446"
    assert fiscal.hosts == ["[::1]", "loja.example.com"]


def teste_duas_faixas_de_portas_podem_ser_vizinhas(monkeypatch: pytest.MonkeyPatch) -> None:
    carregar_com(monkeypatch, PORTA_REST_BASE="10000", PORTA_GRPC_BASE="10006")

    assert SERVICOS["pedidos"].porta_grpc == SERVICOS["catalogo"].porta_rest + 1


@pytest.mark.parametrize(
    "comando",
    [
        ("manage.py", "migrate"),
        (*GUNICORN, "ecommerce.wsgi"),
        ("-m", "ecommerce.partida.supervisor", "true"),
    ],
)
def teste_quem_comeca_com_um_valor_ruim_acaba_ali_com_uma_frase(
    monkeypatch: pytest.MonkeyPatch, comando: tuple[str, ...]
) -> None:
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "ecommerce.settings.fiscal")
    monkeypatch.setenv("SIMULACAO", "x")

    acabou = subprocess.run(
        [sys.executable, *comando],
        cwd=RAIZ,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )

    assert acabou.returncode == 1
    assert acabou.stdout + acabou.stderr == (
        "erro: SIMULACAO deve ser rapida ou enunciado, e não 'x'.\n"
    )


def teste_um_prazo_de_menos_de_um_segundo_ainda_e_esperado_na_parada(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "ecommerce.settings.fiscal")
    monkeypatch.setenv("PRAZO_CHECKOUT_MS", "500")

    config = subprocess.check_output(
        [sys.executable, *GUNICORN, "--print-config", "ecommerce.wsgi"], cwd=RAIZ, text=True
    )

    assert re.search(r"^graceful_timeout += 3$", config, re.MULTILINE)


def _le_o_ambiente(arquivo: Path) -> bool:
    nos = ast.walk(ast.parse(arquivo.read_text(encoding="utf-8")))
    nomes = {no.attr for no in nos if isinstance(no, ast.Attribute) and _de_os(no)}
    return bool(nomes & {"environ", "environb", "getenv"})


def teste_uma_pasta_que_e_de_todos_fica_como_esta(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # dado alguém que escolheu para os dados uma pasta como /tmp, com coisas de outros
    tmp_path.chmod(0o1777)
    de_outro = tmp_path / "de-outro"
    de_outro.touch()
    de_outro.chmod(0o644)

    carregar_com(monkeypatch, DADOS_DIR=str(tmp_path))

    # então nada ali muda, e o que se cria já nasce fechado
    nosso = tmp_path / "nosso"
    nosso.touch()
    modos = [caminho.stat().st_mode & 0o7777 for caminho in (tmp_path, de_outro, nosso)]
    assert modos == [0o1777, 0o644, 0o600]


def teste_um_atalho_na_pasta_dos_dados_nao_fecha_o_que_esta_fora(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (pasta := tmp_path / "dados").mkdir()
    (de_fora := tmp_path / "de-fora").touch()
    de_fora.chmod(0o644)
    (pasta / "atalho").symlink_to(de_fora)

    carregar_com(monkeypatch, DADOS_DIR=str(pasta))

    assert de_fora.stat().st_mode & 0o777 == 0o644


def _de_os(no: ast.Attribute) -> bool:
    return isinstance(no.value, ast.Name) and no.value.id == "os"


def teste_so_um_lugar_le_o_ambiente() -> None:
    do_sistema = [
        arquivo
        for pasta in ("ecommerce", "ferramentas", *SERVICOS)
        for arquivo in (RAIZ / pasta).rglob("*.py")
        if "testes" not in arquivo.parts
    ]

    # o gunicorn só diz a configuração de que serviço é por DJANGO_SETTINGS_MODULE
    assert {str(a.relative_to(RAIZ)) for a in do_sistema if _le_o_ambiente(a)} == {
        "ecommerce/ambiente.py",
        "ecommerce/partida/gunicorn_conf.py",
    }


def teste_os_readmes_tem_cada_variavel_como_ela_e() -> None:
    linhas = [
        f"| `{v.nome}` | {f'`{v.padrao}`' if v.padrao else ''} | {v.tipo.aceita} | {v.o_que_e} |"
        for v in TABELA
    ]
    em_portugues = (RAIZ / "README.md").read_text(encoding="utf-8")
    em_ingles = (RAIZ / "README.en.md").read_text(encoding="utf-8")

    assert "\n".join(linhas) in em_portugues, "\n".join(linhas)
    for linha in linhas:
        nome_e_padrao = linha.split(" | ")[:2]
        assert "\n" + " | ".join(nome_e_padrao) + " |" in em_ingles
