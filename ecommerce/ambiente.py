"""O ambiente: cada variável que o projeto lê, uma vez, com o que ela aceita e o seu padrão.

Quem começa um processo chama `carregar`, que lê o `.env` e recusa com uma frase o que não serve;
daí em diante `ler` dá o valor de cada uma. Uma variável vazia é uma variável que falta. Só a
biblioteca padrão e o dotenv, porque há um supervisor por processo (docs/adr/0017).
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Generic, NoReturn, TypeVar
from urllib.parse import urlsplit

RAIZ = Path(__file__).resolve().parents[1]
_IPV6 = r"[0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*"
_HOST = rf"(\[{_IPV6}\]|[A-Za-z0-9._-]+)"

T = TypeVar("T")


class AmbienteInvalido(Exception):
    """Uma variável falta, ou tem um valor que não serve; a mensagem é uma frase que diz qual."""


@dataclass(frozen=True)
class Tipo(Generic[T]):
    """O que uma variável aceita, em palavras, e como ler; `ler` levanta ValueError."""

    aceita: str
    ler: Callable[[str], T]


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
            return self.tipo.ler(texto)
        except ValueError as erro:
            visto = "" if self.secreta else f", e não {texto!r}"
            raise AmbienteInvalido(f"{self.nome} deve ser {self.tipo.aceita}{visto}.") from erro

    def de(self, servico: str) -> Variavel[T]:
        """A de um serviço, das que têm `<SERVICO>` no nome."""
        return replace(self, nome=self.nome.replace("<SERVICO>", servico.upper()))


def _inteiro(minimo: int, maximo: int) -> Tipo[int]:
    def ler(texto: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", texto) or not minimo <= int(texto) <= maximo:
            raise ValueError
        return int(texto)

    return Tipo(f"um inteiro de {minimo} a {maximo}", ler)


def _um_de(*opcoes: str) -> Tipo[str]:
    def ler(texto: str) -> str:
        if texto not in opcoes:
            raise ValueError
        return texto

    return Tipo(" ou ".join(opcoes), ler)


def _no_formato(formato: str, aceita: str) -> Tipo[str]:
    """Um texto em que a expressão regular `formato` cabe por inteiro."""

    def ler(texto: str) -> str:
        if not re.fullmatch(formato, texto):
            raise ValueError
        return texto

    return Tipo(aceita, ler)


def _lista(item: Tipo[str], aceita: str) -> Tipo[list[str]]:
    def ler(texto: str) -> list[str]:
        return [item.ler(parte.strip()) for parte in texto.split(",") if parte.strip()]

    return Tipo(f"{aceita} separados por vírgula", ler)


def _ou_nada(tipo: Tipo[T]) -> Tipo[T | None]:
    return Tipo(tipo.aceita, lambda texto: tipo.ler(texto) if texto else None)


def _ler_url(texto: str) -> str:
    partes = urlsplit(texto)
    if partes.scheme not in ("http", "https") or not re.fullmatch(
        _HOST + r"(:\d+)?", partes.netloc
    ):
        raise ValueError
    if partes.query or partes.fragment or partes.port == 0:  # `port` levanta além de 65535
        raise ValueError
    return texto.rstrip("/")


def _ler_url_postgres(texto: str) -> str:
    partes = urlsplit(texto)
    banco = partes.path.strip("/")
    if partes.scheme not in ("postgres", "postgresql") or not banco or partes.port == 0:
        raise ValueError
    return texto


_LIGADA = Tipo("1 (sim) ou 0 (não)", lambda texto: bool(int(_um_de("0", "1").ler(texto))))
# o que cabe num cabeçalho Authorization: Bearer (RFC 6750, 2.1, aceita ainda menos)
_CHAVE = _no_formato(r"[!-~]+", "um texto ASCII sem espaços")
_URL = Tipo("uma URL http:// ou https://", _ler_url)
_PORTAS = _inteiro(1, 65530)

SECRET_KEY = Variavel("SECRET_KEY", "", _CHAVE, "a chave do Django, sorteada no `.env`", True)
CHAVE_LOJA = Variavel("CHAVE_LOJA", "", _CHAVE, "a chave da loja, sorteada no `.env`", True)
CHAVE_INTERNA = Variavel(
    "CHAVE_INTERNA", "", _CHAVE, "a chave dos serviços entre si, sorteada no `.env`", True
)
ADMIN_SENHA = Variavel(
    "ADMIN_SENHA",
    "",
    _no_formato(r".+", "um texto"),
    "a senha do usuário `admin`, sorteada no `.env`, quando ele é criado",
    True,
)
DADOS_DIR = Variavel("DADOS_DIR", "dados", Tipo("uma pasta", RAIZ.joinpath), "a pasta dos bancos")
ENDERECO = Variavel(
    "ENDERECO",
    "127.0.0.1",
    _no_formato(f"{_HOST}|{_IPV6}", "um endereço, sem porta"),
    "onde escutar",
)
PORTA_REST_BASE = Variavel(
    "PORTA_REST_BASE", "8000", _PORTAS, "por REST, o serviço *i* escuta na base + *i*"
)
PORTA_GRPC_BASE = Variavel("PORTA_GRPC_BASE", "50050", _PORTAS, "o mesmo, por gRPC")
DATABASE_URL = Variavel(
    "<SERVICO>_DATABASE_URL",
    "",
    _ou_nada(Tipo("uma URL postgres://usuario:senha@host/banco", _ler_url_postgres)),
    "o PostgreSQL do serviço, no lugar do SQLite",
    True,
)
REST_URL = Variavel(
    "<SERVICO>_REST_URL", "", _ou_nada(_URL), "onde os outros encontram o serviço por REST"
)
GRPC_ALVO = Variavel(
    "<SERVICO>_GRPC_ALVO",
    "",
    _ou_nada(_no_formato(rf"(dns:///)?{_HOST}:[0-9]{{1,5}}", "um host:porta")),
    "o mesmo, por gRPC",
)
SIMULACAO = Variavel(
    "SIMULACAO",
    "rapida",
    _um_de("rapida", "enunciado"),
    "com `enunciado` os pagamentos levam de 0,5 a 1,5 s e 90 % são aprovados",
)
PRAZO_CHECKOUT_MS = Variavel(
    "PRAZO_CHECKOUT_MS",
    "10000",
    _inteiro(1, 600_000),
    "o tempo total de um checkout, em ms, repartido a cada salto",
)
RETOMAR_APOS_S = Variavel(
    "RETOMAR_APOS_S", "5", _inteiro(1, 86_400), "depois de quantos s um pedido parado é retomado"
)
RETOMAR_INTERVALO_S = Variavel(
    "RETOMAR_INTERVALO_S", "2", _inteiro(1, 3_600), "de quantos em quantos s se procuram os parados"
)
DESISTIR_APOS_S = Variavel(
    "DESISTIR_APOS_S",
    "900",
    _inteiro(1, 2_592_000),
    "depois de quantos s um pedido que não chega ao fim é cancelado e desfeito",
)
PRODUCAO = Variavel(
    "PRODUCAO",
    "0",
    _LIGADA,
    "HTTPS obrigatório, HSTS e cookies seguros, atrás de um proxy com TLS",
)
ALLOWED_HOSTS = Variavel(
    "ALLOWED_HOSTS",
    "",
    _lista(_no_formato(rf"\*|\.?{_HOST}", ""), "hosts"),
    "por que outros nomes se chega aos serviços, além dos locais e dos de `<SERVICO>_REST_URL`",
)
CSRF_TRUSTED_ORIGINS = Variavel(
    "CSRF_TRUSTED_ORIGINS",
    "",
    _lista(_no_formato(r"https?://[^/\s]+", ""), "endereços http:// ou https://"),
    "de que outros endereços um formulário é aceito",
)
QUEDAS_ARMADAS = Variavel(
    "QUEDAS_ARMADAS", "0", _LIGADA, "só para testes: um serviço pode ser derrubado num ponto certo"
)

# as que ./iniciar.sh escreve no .env
SORTEADAS = (SECRET_KEY, CHAVE_LOJA, CHAVE_INTERNA, ADMIN_SENHA)
# todas, na ordem em que estão acima: é a tabela do README
TABELA = tuple(valor for valor in list(globals().values()) if isinstance(valor, Variavel))


def carregar(servicos: Collection[str]) -> None:
    """Lê o `.env`, que não vence o ambiente, e confere tudo; `servicos` são os nomes dos seis.

    Levanta AmbienteInvalido com a primeira variável que falta ou não serve, ou as que não
    combinam, e nunca com o valor de uma secreta.
    """
    from dotenv import load_dotenv  # noqa: PLC0415 - quem só lê um valor não paga por ele

    load_dotenv(RAIZ / ".env")
    exigir(SECRET_KEY, CHAVE_LOJA, CHAVE_INTERNA)
    for variavel in TABELA:
        if variavel is ADMIN_SENHA:
            continue  # só faz falta a quem cria o usuário
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


def carregar_ou_sair(servicos: Collection[str]) -> None:
    """Como `carregar`, mas quem está começando acaba ali, com a frase e o código 1."""
    try:
        carregar(servicos)
    except AmbienteInvalido as erro:
        sair(erro)


def sair(erro: AmbienteInvalido) -> NoReturn:
    raise SystemExit(f"erro: {erro}")


def exigir(*variaveis: Variavel[str]) -> None:
    """Levanta AmbienteInvalido com os nomes de todas as que faltam."""
    if faltam := [v.nome for v in variaveis if not os.environ.get(v.nome)]:
        raise AmbienteInvalido(
            f"falta {', '.join(faltam)}: defina no ambiente ou no .env,"
            " ou apague o .env para que ./iniciar.sh escreva outro."
        )
