"""O ./iniciar.sh com PRODUCAO=1: só diz que está pronto quando está, e não inventa dados."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from dotenv import dotenv_values

from laboratorio.sistema.processos import esperar, porta_base_livre
from testes.apoio.inicio import Iniciado, clonar

PRIMEIRO_INICIO_S = 180  # inclui instalar as dependências
Iniciar = Callable[..., Iniciado]


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clonar(tmp_path_factory.mktemp("clone"))


@pytest.fixture
def iniciar(clone: Path, tmp_path: Path) -> Iterator[Iniciar]:
    """Começa um sistema em produção, com bancos novos, e espera que diga onde entrar, ou acabe."""
    inicios: list[Iniciado] = []

    def comecar(*opcoes: str, **variaveis: str) -> Iniciado:
        variaveis |= {"PRODUCAO": "1", "DADOS_DIR": str(tmp_path)}
        inicio = Iniciado(clone, *opcoes, porta_base=porta_base_livre(), **variaveis)
        inicios.append(inicio)
        esperar(
            lambda: "/api/docs" in inicio.saida or inicio.processo.poll() is not None,
            PRIMEIRO_INICIO_S,
            "o fim do início",
        )
        return inicio

    yield comecar
    for inicio in inicios:
        inicio.encerrar()


class OutroSite(BaseHTTPRequestHandler):
    """Manda todos para o https, como os nossos serviços já fizeram uns com os outros."""

    def do_GET(self) -> None:
        self.send_response(301)
        self.send_header("Location", "https://127.0.0.1/")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Silêncio nos testes."""


@pytest.fixture
def outro_site() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), OutroSite) as servidor:
        threading.Thread(target=servidor.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{servidor.server_address[1]}"
        servidor.shutdown()


def teste_fica_pronto_sem_nenhum_dado_de_exemplo(clone: Path, iniciar: Iniciar) -> None:
    publica = "https://loja.example.com"
    inicio = iniciar(PROXIES_CONFIAVEIS="127.0.0.1", PEDIDOS_URL_PUBLICA=publica)

    assert "Tudo pronto." in inicio.saida, inicio.saida
    assert f"{publica}/admin/" in inicio.saida
    assert "PROXIES_CONFIAVEIS" not in inicio.saida
    interna = dotenv_values(clone / ".env")["CHAVE_INTERNA"] or ""
    for servico, lista in (("pedidos", "clientes"), ("pagamentos", "pagamentos")):
        assert inicio.pedir("GET", servico, f"/{lista}", chave=interna).json()["results"] == []
    assert inicio.pedir("GET", "catalogo", "/produtos", chave=interna).json() == []


def teste_nao_se_diz_pronto_enquanto_um_servico_nao_alcanca_outro(
    iniciar: Iniciar, outro_site: str
) -> None:
    inicio = iniciar(PAGAMENTOS_REST_URL=outro_site, ESTOQUE_GRPC_ALVO="127.0.0.1:9")

    assert inicio.processo.poll() is None, inicio.saida
    assert "Tudo pronto" not in inicio.saida
    assert f"pagamentos respondeu 301 em {outro_site}/" in inicio.saida
    assert "estoque não atende por gRPC em 127.0.0.1:9" in inicio.saida
    assert "PROXIES_CONFIAVEIS não diz qual" in inicio.saida


def teste_nao_faz_a_demonstracao(iniciar: Iniciar, tmp_path: Path) -> None:
    inicio = iniciar("--demo")

    assert inicio.processo.wait() == 1
    assert inicio.saida.endswith(
        "erro: --demo faz pedidos, e com PRODUCAO=1 eles seriam de verdade.\n"
    )
    assert not list(tmp_path.iterdir())
