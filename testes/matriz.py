"""As falhas de verdade, uma função cada: o que se faz ao sistema, e as compras de enquanto isso."""

from __future__ import annotations

import random
import resource
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psutil
import requests

from ecommerce.quedas import PONTOS, marca
from ecommerce.servicos import SERVICOS
from laboratorio.proxy import Defeito, Proxy
from laboratorio.sistema import Sistema, esperar
from testes.clientela import Compra, carga_leve, comprar
from testes.compras import abastecer, corpo
from testes.portas import Porta
from testes.teste_banco import travado

PRAZO_S = 2.5
ESPERA_PELO_BANCO_S = 4  # quanto o SQLite espera por quem escreve de fora
FOLGA_S = 1.5  # o que a máquina ocupada soma a uma resposta
CADEIA = [nome for nome in SERVICOS if nome != "catalogo"]
RECURSOS = {
    "pagamentos": "pagamentos",
    "estoque": "separacoes",
    "fiscal": "notas",
    "logistica": "envios",
}
ESGOTADO = {"produto_id": 3, "quantidade": 999}


@dataclass
class Bancada:
    """O sistema em que se experimenta, com um proxy diante de cada serviço em cada transporte."""

    sistema: Sistema
    proxies: dict[str, Proxy]
    portas: dict[str, Porta]

    def arrumar(self) -> None:
        """Põe de pé o que caiu, conserta os proxies, apaga as marcas e enche o estoque."""
        for arquivo in self.sistema.pasta.glob("queda-*"):
            arquivo.unlink()
        for proxy in self.proxies.values():
            proxy.defeito = Defeito()
        caidos = [n for n, p in self.sistema.processos.items() if p.poll() is not None]
        if caidos:
            self.sistema.iniciar(*caidos)
        abastecer(self.sistema, 1)

    @contextmanager
    def queda(self, servico: str, transporte: str, ponto: str) -> Iterator[None]:
        """O serviço morre no ponto dado por causa do que se faz no bloco, e depois volta."""
        nome = processo(servico, transporte)
        marca(self.sistema.pasta, servico, transporte, ponto).touch()
        yield
        codigo = self.sistema.processos[nome].wait(timeout=10)
        assert codigo == -signal.SIGKILL
        self.sistema.iniciar(nome)


Cenario = Callable[[Bancada, Porta], list[Compra]]


def processo(servico: str, transporte: str) -> str:
    """A linha do Procfile que atende o serviço no transporte."""
    return servico if transporte == "rest" else f"{servico}-grpc"


def morto(servico: str, ponto: str, item: dict[str, int] | None = None) -> Cenario:
    def cenario(bancada: Bancada, porta: Porta) -> list[Compra]:
        with bancada.queda(servico, porta.nome, ponto):
            return no_prazo([comprar(porta, corpo(itens=[item]) if item else None)])

    return cenario


def morto_ao_desfazer(servico: str, ponto: str) -> Cenario:
    def cenario(bancada: Bancada, porta: Porta) -> list[Compra]:
        compra = comprar(porta)
        assert compra.terminou() and compra.pedido_id
        with bancada.queda(servico, porta.nome, ponto):
            cancelar(porta, compra.pedido_id)
        compra.cancelada = True
        return [compra]

    return cenario


def cancelar(porta: Porta, pedido_id: int) -> None:
    try:
        porta.agir("cancelar", pedido_id)
    except requests.ConnectionError:
        return  # pedidos morreu atendendo; o que ele já gravou vale


def fora_do_ar(servico: str) -> Cenario:
    def cenario(bancada: Bancada, porta: Porta) -> list[Compra]:
        nome = processo(servico, porta.nome)
        with carga_leve(porta) as compras:
            time.sleep(0.5)
            bancada.sistema.matar(nome)
            time.sleep(1.5)
            bancada.sistema.iniciar(nome)
        assert any(compra.interrompida for compra in compras)
        return no_prazo(compras)

    return cenario


def com_defeito(servico: str, defeito: Defeito) -> Cenario:
    def cenario(bancada: Bancada, porta: Porta) -> list[Compra]:
        quente = comprar(porta)  # para que haja uma conexão a estragar
        proxy = bancada.proxies[processo(servico, porta.nome)]
        proxy.defeito = defeito
        compra = comprar(porta)
        assert compra.interrompida
        if defeito.engolir_respostas:
            assert compra.pedido_id
            feito = f"/{RECURSOS[servico]}/{compra.pedido_id}"
            assert bancada.sistema.ler(servico, feito), "o trabalho devia estar feito"
        proxy.defeito = Defeito()
        return no_prazo([quente, compra])

    return cenario


def resposta_ao_cliente_perdida(bancada: Bancada, porta: Porta) -> list[Compra]:
    """O pedido é feito e quem o fez não ouve nada: se repete a compra, é do mesmo pedido."""
    quente = comprar(porta)  # sem conexão aberta o gRPC nem manda o pedido
    esperar(quente.terminou, PRAZO_S, "a primeira compra")
    antes = quente.pedido_id or 0
    proxy = bancada.proxies[processo("pedidos", porta.nome)]
    proxy.defeito = MUDO
    with ThreadPoolExecutor(1) as fundo:
        comprando = fundo.submit(comprar, porta)
        feito = esperar(lambda: _enviado_depois_de(bancada, antes), PRAZO_S, "o pedido ser feito")
        proxy.defeito = Defeito()  # derruba a conexão em que a resposta se perdeu
        compra = comprando.result()
    assert compra.interrompida and compra.pedido_id is None
    compra.pedido_id = feito["id"]  # repetida por onde for, a compra não pode dar outro
    return no_prazo([quente, compra])


def _enviado_depois_de(bancada: Bancada, antes: int) -> dict[str, Any] | None:
    ultimo: dict[str, Any] = bancada.sistema.ler("pedidos", "/pedidos")["results"][0]
    return ultimo if ultimo["id"] > antes and ultimo["status"] == "enviado" else None


def terminado_em_ordem(bancada: Bancada, porta: Porta) -> list[Compra]:
    """SIGTERM a cada serviço, de quem chama a quem é chamado, com gente comprando."""
    nomes = [processo(servico, porta.nome) for servico in SERVICOS]
    with carga_leve(porta) as compras:
        time.sleep(1)
        assert [bancada.sistema.parar(nome) for nome in nomes] == [0] * len(nomes)
        voltando = time.monotonic()
        bancada.sistema.iniciar(*nomes)
        # o gunicorn escuta antes de carregar o Django: quem chega então espera que ele acabe
        nasceram_s = time.monotonic() - voltando
    return no_prazo(compras, PRAZO_S + nasceram_s)


def banco_travado(servico: str, segundos: float) -> Cenario:
    def cenario(bancada: Bancada, porta: Porta) -> list[Compra]:
        with travado(bancada.sistema, servico, segundos):
            compra = comprar(porta)
            assert compra.interrompida
            return no_prazo([compra], max(PRAZO_S, ESPERA_PELO_BANCO_S))

    return cenario


def banco_ocupado_por_pouco(bancada: Bancada, porta: Porta) -> list[Compra]:
    """Quem espera um segundo pelo banco do estoque ainda compra dentro do prazo."""
    with travado(bancada.sistema, "estoque", 1):
        compra = comprar(porta)
    assert not compra.interrompida and compra.demora_s > 0.5
    return no_prazo([compra])


def disco_cheio(servico: str) -> Cenario:
    def cenario(bancada: Bancada, porta: Porta) -> list[Compra]:
        sistema, nome = bancada.sistema, processo(servico, porta.nome)
        sistema.executar_sql(servico, "PRAGMA wal_checkpoint(TRUNCATE)")
        # o registro de chamadas ainda cabe; o WAL, que recomeça do zero, logo não caberá
        cheio = (sistema.pasta / f"{nome}.log").stat().st_size + 256 * 1024
        mestre = psutil.Process(sistema.processos[nome].pid)
        vivos = [mestre, *mestre.children(recursive=True)]
        for vivo in vivos:
            vivo.rlimit(psutil.RLIMIT_FSIZE, (cheio, resource.RLIM_INFINITY))
        compras = [comprar(porta)]
        while compras[-1].terminou() and len(compras) < 200:
            compras.append(comprar(porta))
        assert len(compras) < 200, "o disco não encheu"
        for vivo in vivos:
            vivo.rlimit(psutil.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        return no_prazo(compras)

    return cenario


def no_prazo(compras: list[Compra], prazo_s: float = PRAZO_S) -> list[Compra]:
    """As compras, se todas tiveram resposta dentro do prazo; o de costume é o do checkout."""
    demora_s = max(compra.demora_s for compra in compras)
    assert demora_s < prazo_s + FOLGA_S
    return compras


LENTO = Defeito(atraso_s=PRAZO_S * 1.2)
ESTREITO = Defeito(bytes_por_s=60)
MUDO = Defeito(engolir_respostas=True)
CORTADO = Defeito(cortar=True)

FALHAS: dict[str, Cenario] = {
    **{f"1 {s} morto {p}": morto(s, p) for s in CADEIA for p in PONTOS},
    **{f"2 {s} fora do ar": fora_do_ar(s) for s in SERVICOS},
    "2 estoque inalcançável": com_defeito("estoque", CORTADO),
    **{f"3 {s} lento": com_defeito(s, LENTO) for s in (*RECURSOS, "catalogo")},
    "3 estoque por banda estreita": com_defeito("estoque", ESTREITO),
    **{f"4 resposta de {s} perdida": com_defeito(s, MUDO) for s in RECURSOS},
    "4 resposta ao cliente perdida": resposta_ao_cliente_perdida,
    **{f"7 {s} morto ao desfazer": morto_ao_desfazer(s, "depois_do_commit") for s in CADEIA},
    **{f"7 {s} morto antes de desfazer": morto_ao_desfazer(s, "antes_do_commit") for s in RECURSOS},
    "7 estoque morto ao recusar": morto("estoque", "depois_do_commit", ESGOTADO),
    "7 pagamentos morto ao recusar": morto("pagamentos", "antes_da_resposta", ESGOTADO),
    "9 SIGTERM com gente comprando": terminado_em_ordem,
    "10 pedidos com o banco travado": banco_travado("pedidos", PRAZO_S + 2),
    "10 fiscal com o banco travado": banco_travado("fiscal", PRAZO_S + 2),
    "10 estoque com o banco ocupado 1 s": banco_ocupado_por_pouco,
    "10 pedidos com o disco cheio": disco_cheio("pedidos"),
    "10 estoque com o disco cheio": disco_cheio("estoque"),
}
AMOSTRA = [
    ("1 pagamentos morto depois_do_commit", "rest"),
    ("1 pedidos morto depois_do_commit", "grpc"),
    ("2 fiscal fora do ar", "grpc"),
    ("3 logistica lento", "rest"),
    ("4 resposta de estoque perdida", "grpc"),
    ("7 pagamentos morto antes de desfazer", "rest"),
]


def linhas(tudo: bool, semente: int) -> list[tuple[str, str]]:
    """As linhas da matriz (falha, transporte) a correr, na ordem que a semente dá."""
    todas = [(falha, transporte) for falha in FALHAS for transporte in ("rest", "grpc")]
    escolhidas = todas if tudo else list(AMOSTRA)
    random.Random(semente).shuffle(escolhidas)  # noqa: S311 - não é segredo
    return escolhidas
