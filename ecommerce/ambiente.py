"""O ambiente: cada variável que o projeto lê, uma vez, com o que ela aceita e o seu padrão.

Quem começa um processo chama `carregar`, que lê o `.env` e recusa com uma frase o que não serve;
daí em diante `ler` dá o valor de cada uma. Uma variável vazia é uma variável que falta. Só a
biblioteca padrão e o dotenv, porque há um supervisor por processo (docs/adr/0017).
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, replace
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Generic, TypeVar
from urllib.parse import urlsplit

RAIZ = Path(__file__).resolve().parents[1]
_IPV6 = r"[0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*"
_HOST = rf"(\[{_IPV6}\]|[A-Za-z0-9._-]+)"

Rede = IPv4Network | IPv6Network
T = TypeVar("T")


class AmbienteInvalido(Exception):
    """Uma variável falta, ou tem um valor que não serve; a mensagem é uma frase que diz qual."""


@dataclass(frozen=True)
class Tipo(Generic[T]):
    """O que se aceita, em palavras e em expressão regular; `valor` ainda levanta ValueError."""

    aceita: str
    formato: str
    valor: Callable[[str], T]


@dataclass(frozen=True)
class Variavel(Generic[T]):
    """Uma variável de ambiente; o valor de uma `secreta` não aparece em mensagem alguma."""

    nome: str
    padrao: str
    tipo: Tipo[T]
    o_que_e: str
    secreta: bool = False

    def ler(self) -> T:
        """O valor de agora; levanta AmbienteInvalido se ele não serve."""
        texto = os.environ.get(self.nome) or self.padrao
        try:
            if re.fullmatch(self.tipo.formato, texto):
                return self.tipo.valor(texto)
        except ValueError:
            pass  # a frase é a mesma
        visto = "" if self.secreta else f", e não {texto!r}"
        raise AmbienteInvalido(f"{self.nome} deve ser {self.tipo.aceita}{visto}.")

    def de(self, servico: str) -> Variavel[T]:
        """A de um serviço, das que têm `<SERVICO>` no nome."""
        return replace(self, nome=self.nome.replace("<SERVICO>", servico.upper()))


def _inteiro(minimo: int, maximo: int) -> Tipo[int]:
    def valor(texto: str) -> int:
        if not minimo <= int(texto) <= maximo:
            raise ValueError
        return int(texto)

    return Tipo(f"um inteiro de {minimo} a {maximo}", "[0-9]{1,9}", valor)


def _lista(aceita: str, item: str) -> Tipo[list[str]]:
    def valor(texto: str) -> list[str]:
        return [parte.strip() for parte in texto.split(",") if parte.strip()]

    return Tipo(f"{aceita} separados por vírgula", rf"(\s*({item})?\s*(,|$))*", valor)


def _redes(texto: str) -> list[Rede]:
    return [ip_network(parte.strip()) for parte in texto.split(",") if parte.strip()]


def _arquivo(texto: str) -> str:
    if texto and not (RAIZ / texto).is_file():
        raise ValueError
    return texto and str(RAIZ / texto)


def _url(texto: str) -> str:
    if urlsplit(texto).port == 0:  # e além de 65535 ele mesmo levanta
        raise ValueError
    return texto.rstrip("/")


_TEXTO = Tipo("um texto", ".*", str)
# o que cabe num cabeçalho Authorization: Bearer (RFC 6750, 2.1, aceita ainda menos)
_CHAVE = Tipo("um texto ASCII sem espaços", "[!-~]+", str)
_LIGADA = Tipo("1 (sim) ou 0 (não)", "[01]", lambda texto: texto == "1")
_PASTA = Tipo("uma pasta", ".+", RAIZ.joinpath)
_ENDERECO = Tipo("um endereço, sem porta", f"{_HOST}|{_IPV6}", str)
_PORTAS = _inteiro(1, 65530)
_POSTGRES = Tipo(
    "uma URL postgres://usuario:senha@host/banco", r"(postgres(ql)?://[^/]*/[^/]+)?", _url
)
_URL = Tipo("uma URL http:// ou https://", rf"(https?://{_HOST}(:[0-9]+)?(/[^?#\s]*)?)?", _url)
_ORIGEM = Tipo(
    "uma URL http:// ou https://, sem caminho", rf"(https?://{_HOST}(:[0-9]+)?/?)?", _url
)
_ALVO = Tipo("um host:porta", rf"((dns:///)?{_HOST}:[0-9]{{1,5}})?", str)
_SIMULACAO = Tipo("rapida ou enunciado", "rapida|enunciado", str)
_HSTS = Tipo("host, subdominios ou preload", "host|subdominios|preload", str)
_REDES = Tipo("endereços IP ou redes separados por vírgula", ".*", _redes)
_ARQUIVO = Tipo("um arquivo que existe", ".*", _arquivo)
_HOSTS = _lista("hosts", rf"\*|\.?{_HOST}")
_ORIGENS = _lista("endereços http:// ou https://", r"https?://[^/\s,]+")

# fmt: off
SECRET_KEY = Variavel("SECRET_KEY", "", _CHAVE, "a chave do Django, sorteada no `.env`", True)
CHAVE_LOJA = Variavel("CHAVE_LOJA", "", _CHAVE, "a chave da loja, sorteada no `.env`", True)
CHAVE_INTERNA = Variavel(
    "CHAVE_INTERNA", "", _CHAVE, "a chave dos serviços entre si, sorteada no `.env`", True)
ADMIN_SENHA = Variavel(
    "ADMIN_SENHA", "", _TEXTO, "a senha do usuário `admin`, sorteada no `.env`", True)
DADOS_DIR = Variavel("DADOS_DIR", "dados", _PASTA, "a pasta dos bancos")
ENDERECO = Variavel("ENDERECO", "127.0.0.1", _ENDERECO, "onde escutar")
PORTA_REST_BASE = Variavel(
    "PORTA_REST_BASE", "8000", _PORTAS, "por REST, o serviço *i* escuta na base + *i*")
PORTA_GRPC_BASE = Variavel("PORTA_GRPC_BASE", "50050", _PORTAS, "o mesmo, por gRPC")
DATABASE_URL = Variavel(
    "<SERVICO>_DATABASE_URL", "", _POSTGRES, "o PostgreSQL do serviço, no lugar do SQLite", True)
OPERADORA_DATABASE_URL = Variavel(
    "OPERADORA_DATABASE_URL", "", _POSTGRES,
    "o mesmo, para o caderno da operadora simulada", True)
REST_URL = Variavel(
    "<SERVICO>_REST_URL", "", _URL, "onde os outros encontram o serviço por REST")
GRPC_ALVO = Variavel("<SERVICO>_GRPC_ALVO", "", _ALVO, "o mesmo, por gRPC")
SIMULACAO = Variavel(
    "SIMULACAO", "rapida", _SIMULACAO,
    "com `enunciado` os pagamentos levam de 0,5 a 1,5 s e 90 % são aprovados")
PRAZO_CHECKOUT_MS = Variavel(
    "PRAZO_CHECKOUT_MS", "10000", _inteiro(1, 600_000),
    "o tempo total de um checkout, em ms, repartido a cada salto")
RETOMAR_APOS_S = Variavel(
    "RETOMAR_APOS_S", "5", _inteiro(1, 86_400), "depois de quantos s um pedido parado é retomado")
RETOMAR_INTERVALO_S = Variavel(
    "RETOMAR_INTERVALO_S", "2", _inteiro(1, 3_600),
    "de quantos em quantos s se procuram os parados")
DESISTIR_APOS_S = Variavel(
    "DESISTIR_APOS_S", "900", _inteiro(1, 2_592_000),
    "depois de quantos s de tentativas um pedido sem fim é cancelado e desfeito")
PRODUCAO = Variavel(
    "PRODUCAO", "0", _LIGADA,
    "HTTPS obrigatório, HSTS, cookies seguros e nenhum dado de exemplo, atrás de um proxy com TLS")
PROXIES_CONFIAVEIS = Variavel(
    "PROXIES_CONFIAVEIS", "", _REDES, "de que proxies se ouvem os `X-Forwarded-*`; de mais ninguém")
URL_PUBLICA = Variavel(
    "<SERVICO>_URL_PUBLICA", "", _ORIGEM,
    "onde as pessoas encontram o serviço; sem ela, onde os outros o encontram")
HSTS = Variavel(
    "HSTS", "host", _HSTS, "até onde vai o HSTS: o host, os subdomínios, ou também a lista preload")
CA_CERTIFICADOS = Variavel(
    "CA_CERTIFICADOS", "", _ARQUIVO,
    "as autoridades, em PEM, que valem para as URLs https:// no lugar das públicas")
ALLOWED_HOSTS = Variavel(
    "ALLOWED_HOSTS", "", _HOSTS,
    "por que outros nomes se chega aos serviços, além dos locais e dos das URLs deles")
CSRF_TRUSTED_ORIGINS = Variavel(
    "CSRF_TRUSTED_ORIGINS", "", _ORIGENS, "de que outros endereços um formulário é aceito")
QUEDAS_ARMADAS = Variavel(
    "QUEDAS_ARMADAS", "0", _LIGADA,
    "só para testes: um serviço pode ser derrubado num ponto certo")
# fmt: on

# as que ./iniciar.sh escreve no .env
SORTEADAS = (SECRET_KEY, CHAVE_LOJA, CHAVE_INTERNA, ADMIN_SENHA)
# todas, na ordem em que estão acima: é a tabela do README
TABELA = tuple(valor for valor in list(globals().values()) if isinstance(valor, Variavel))


def carregar(servicos: Collection[str]) -> None:
    """Lê o `.env`, que não vence o ambiente, e confere tudo; `servicos` são os nomes dos seis.

    E fecha aos outros usuários da máquina o que já se gravou e o que este processo vai gravar.
    Levanta AmbienteInvalido com a primeira variável que falta ou não serve, ou as que não
    combinam, e nunca com o valor de uma secreta.
    """
    from dotenv import load_dotenv  # noqa: PLC0415 - quem só lê um valor não paga por ele

    load_dotenv(RAIZ / ".env")
    exigir(SECRET_KEY, CHAVE_LOJA, CHAVE_INTERNA)
    for variavel in TABELA:
        for uma in [variavel.de(s) for s in servicos] if "<" in variavel.nome else [variavel]:
            uma.ler()
    if CHAVE_LOJA.ler() == CHAVE_INTERNA.ler():
        raise AmbienteInvalido("CHAVE_LOJA e CHAVE_INTERNA não podem ser iguais.")
    if QUEDAS_ARMADAS.ler() and PRODUCAO.ler():
        raise AmbienteInvalido("QUEDAS_ARMADAS derruba serviços e não pode ser 1 com PRODUCAO=1.")
    rest, grpc = PORTA_REST_BASE.ler(), PORTA_GRPC_BASE.ler()
    if abs(rest - grpc) < len(servicos):
        raise AmbienteInvalido(
            f"PORTA_REST_BASE={rest} e PORTA_GRPC_BASE={grpc} dividem portas:"
            f" cada uma toma {len(servicos)}, a partir da base."
        )
    _fechar_aos_outros()


def _fechar_aos_outros() -> None:
    """Só o dono lê o `.env`, a pasta dos dados, o que há nela e o que se criar daqui em diante."""
    os.umask(0o077)  # os processos filhos o herdam
    pasta, dentro = DADOS_DIR.ler().resolve(), []
    with suppress(OSError):  # ainda não há pasta
        if not pasta.stat().st_mode & stat.S_ISVTX:  # a de todos, como /tmp, não é nossa
            dentro = [pasta, *pasta.iterdir()]
    for caminho in (RAIZ / ".env", *dentro):
        with suppress(OSError):  # sumiu neste instante, ou é de outro dono
            modo = stat.S_IMODE(caminho.lstat().st_mode)
            if modo & 0o077 and not caminho.is_symlink():
                caminho.chmod(modo & 0o700)


def carregar_ou_sair(servicos: Collection[str]) -> None:
    """Como `carregar`, mas quem está começando acaba ali, com a frase e o código 1."""
    try:
        carregar(servicos)
    except AmbienteInvalido as erro:
        raise SystemExit(f"erro: {erro}") from erro


def exigir(*variaveis: Variavel[str]) -> None:
    """Levanta AmbienteInvalido com os nomes de todas as que faltam."""
    if faltam := [v.nome for v in variaveis if not os.environ.get(v.nome)]:
        raise AmbienteInvalido(
            f"falta {', '.join(faltam)}: defina no ambiente ou no .env,"
            " ou apague o .env para que ./iniciar.sh escreva outro."
        )
