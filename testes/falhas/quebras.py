"""O que quebra: processos que morrem ou param, a rede, o banco, o disco; uma função cada falha."""

from __future__ import annotations

import resource
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import psutil
import requests

from ecommerce.servicos import SERVICOS
from laboratorio.sistema.processos import TERMINA_EM_S, Sistema, esperar, processo_de
from laboratorio.sistema.proxy import Defeito
from testes.apoio.clientela import Compra, carga_leve, comprar
from testes.apoio.compras import RECURSOS, corpo
from testes.apoio.portas import Porta
from testes.falhas.bancada import PRAZO_S, Bancada, Cenario, no_prazo
from testes.falhas.outro_programa import atendendo

ESPERA_PELO_BANCO_S = 4  # quanto o SQLite espera por quem escreve de fora
LENTO = Defeito(atraso_s=PRAZO_S * 1.2)
ESTREITO = Defeito(bytes_por_s=60)
MUDO = Defeito(engolir_respostas=True)
CORTADO = Defeito(cortar=True)


def morto(servico: str, ponto: str, item: dict[str, int] | None = None) -> Cenario:
    def cenario(bancada: Bancada, porta: Porta) -> list[Compra]:
        with bancada.queda(servico, porta.nome, ponto):
            return no_prazo([comprar(porta, corpo(itens=[item]) if item else None)])

    return cenario


def pedidos_morto_ao_concluir(bancada: Bancada, porta: Porta) -> list[Compra]:
    """A cadeia inteira fez a sua parte, e pedidos morre sem gravar que sabe."""
    ultimo, parado = _ultimo_pedido(bancada)["id"], processo_de("logistica", porta.nome)
    bancada.sistema.congelar(parado)
    with ThreadPoolExecutor(1) as fundo:
        comprando = fundo.submit(comprar, porta)
        esperar(lambda: _ultimo_pedido(bancada)["id"] > ultimo, PRAZO_S, "o pedido nascer")
        with bancada.queda("pedidos", porta.nome, "antes_do_commit"):
            bancada.sistema.descongelar(parado)
        compra = comprando.result()
    assert compra.interrompida
    return no_prazo([compra])


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
        nome = processo_de(servico, porta.nome)
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
        proxy = bancada.proxies[processo_de(servico, porta.nome)]
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


def outro_programa(servico: str, resposta: str) -> Cenario:
    """Onde estava o serviço atende outro programa, que responde a tudo do seu jeito."""

    def cenario(bancada: Bancada, porta: Porta) -> list[Compra]:
        proxy = bancada.proxies[processo_de(servico, porta.nome)]
        with atendendo(resposta, porta.nome) as outra_porta:
            proxy.defeito = Defeito(desviar_para=outra_porta)
            compra = comprar(porta)
            assert compra.pedido_id and compra.interrompida
            esperar_tentativa(bancada, compra.pedido_id)
            proxy.defeito = Defeito()
        esperar_enviado(bancada, compra)  # nada se desfez: o pedido chega aonde ia
        return no_prazo([compra])

    return cenario


def esperar_tentativa(bancada: Bancada, pedido_id: int) -> None:
    """Volta depois que o `retomar` também ouviu a resposta que não é do sistema."""
    tentados = "SELECT id FROM pedidos_pedido WHERE tentativas > 0"
    esperar(
        lambda: (pedido_id,) in bancada.sistema.executar_sql("pedidos", tentados),
        TERMINA_EM_S,
        "o retomar tentar",
    )


def esperar_enviado(bancada: Bancada, compra: Compra) -> None:
    """Volta quando o pedido chega ao envio; acabar de outro modo não serve."""
    caminho = f"/pedidos/{compra.pedido_id}"
    esperar(
        lambda: bancada.sistema.ler("pedidos", caminho)["status"] == "enviado",
        TERMINA_EM_S,
        "o pedido ser enviado",
    )


def operadora_mais_lenta_que_o_prazo(bancada: Bancada, porta: Porta) -> list[Compra]:
    """Quem compra desiste de ouvir a operadora; ela não esquece, e o `retomar` não recomeça."""
    compra = comprar(porta, corpo(metodo="cartao_credito", cartao={"token": "tok_lento"}))
    assert compra.interrompida and compra.pedido_id
    esperar_enviado(bancada, compra)
    caderno = "/operadora/lancamentos"
    lancados = bancada.sistema.ler("pagamentos", caderno, pedido_id=compra.pedido_id)["results"]
    assert [(linha["tipo"], linha["status"]) for linha in lancados] == [("cobranca", "aprovado")]
    return no_prazo([compra])


def resposta_ao_cliente_perdida(bancada: Bancada, porta: Porta) -> list[Compra]:
    """O pedido é feito e quem o fez não ouve nada: se repete a compra, é do mesmo pedido."""
    quente = comprar(porta)  # sem conexão aberta o gRPC nem manda o pedido
    esperar(quente.terminou, PRAZO_S, "a primeira compra")
    antes = quente.pedido_id or 0
    proxy = bancada.proxies[processo_de("pedidos", porta.nome)]
    proxy.defeito = MUDO
    with ThreadPoolExecutor(1) as fundo:
        comprando = fundo.submit(comprar, porta)
        feito = esperar(lambda: _enviado_depois_de(bancada, antes), PRAZO_S, "o pedido ser feito")
        proxy.defeito = Defeito()  # derruba a conexão em que a resposta se perdeu
        compra = comprando.result()
    assert compra.interrompida and compra.pedido_id is None
    compra.pedido_id = feito["id"]  # repetida por onde for, a compra não pode dar outro
    return no_prazo([quente, compra])


def _ultimo_pedido(bancada: Bancada) -> dict[str, Any]:
    ultimo: dict[str, Any] = bancada.sistema.ler("pedidos", "/pedidos")["results"][0]
    return ultimo


def _enviado_depois_de(bancada: Bancada, antes: int) -> dict[str, Any] | None:
    ultimo = _ultimo_pedido(bancada)
    return ultimo if ultimo["id"] > antes and ultimo["status"] == "enviado" else None


def terminado_em_ordem(bancada: Bancada, porta: Porta) -> list[Compra]:
    """SIGTERM a cada serviço, de quem chama a quem é chamado, com gente comprando."""
    nomes = [processo_de(servico, porta.nome) for servico in SERVICOS]
    with carga_leve(porta) as compras:
        time.sleep(1)
        assert [bancada.sistema.parar(nome) for nome in nomes] == [0] * len(nomes)
        voltando = time.monotonic()
        bancada.sistema.iniciar(*nomes)
        # o gunicorn escuta antes de carregar o Django: quem chega então espera que ele acabe
        nasceram_s = time.monotonic() - voltando
    return no_prazo(compras, PRAZO_S + nasceram_s)


def congelado(servico: str) -> Cenario:
    """SIGSTOP: quem chama se conecta, e espera em vão."""

    def cenario(bancada: Bancada, porta: Porta) -> list[Compra]:
        quente, nome = comprar(porta), processo_de(servico, porta.nome)
        bancada.sistema.congelar(nome)
        compra = comprar(porta)
        bancada.sistema.descongelar(nome)
        assert compra.interrompida
        return no_prazo([quente, compra])

    return cenario


@contextmanager
def travado(sistema: Sistema, servico: str, segundos: float) -> Iterator[None]:
    """Alguém de fora segura a escrita no banco do serviço pelo tempo dado."""
    conexao = sqlite3.connect(sistema.pasta / f"{servico}.db", check_same_thread=False)
    conexao.execute("BEGIN IMMEDIATE")
    soltar = threading.Timer(segundos, conexao.rollback)
    soltar.start()
    try:
        yield
    finally:
        soltar.cancel()
        soltar.join()
        conexao.rollback()
        conexao.close()


def banco_travado(servico: str, segundos: float) -> Cenario:
    """Outro processo segura a escrita no banco do serviço, com gente comprando."""

    def cenario(bancada: Bancada, porta: Porta) -> list[Compra]:
        with carga_leve(porta) as compras, travado(bancada.sistema, servico, segundos):
            time.sleep(segundos)
        assert any(compra.interrompida for compra in compras)
        return no_prazo(compras, max(PRAZO_S, ESPERA_PELO_BANCO_S))

    return cenario


def banco_ocupado_por_pouco(bancada: Bancada, porta: Porta) -> list[Compra]:
    """Quem espera um segundo pelo banco do estoque ainda compra dentro do prazo."""
    with travado(bancada.sistema, "estoque", 1):
        compra = comprar(porta)
    assert not compra.interrompida and compra.demora_s > 0.5
    return no_prazo([compra])


@contextmanager
def sem_disco(processos: Sequence[psutil.Process], bytes_por_arquivo: int) -> Iterator[None]:
    """Nenhum arquivo em que estes processos escrevem passa do tamanho dado."""

    def limitar(limite: int) -> None:
        for processo in processos:
            processo.rlimit(psutil.RLIMIT_FSIZE, (limite, resource.RLIM_INFINITY))

    limitar(bytes_por_arquivo)
    try:
        yield
    finally:
        limitar(resource.RLIM_INFINITY)


def disco_cheio(servico: str) -> Cenario:
    def cenario(bancada: Bancada, porta: Porta) -> list[Compra]:
        sistema, nome = bancada.sistema, processo_de(servico, porta.nome)
        sistema.executar_sql(servico, "PRAGMA wal_checkpoint(TRUNCATE)")
        # o registro de chamadas ainda cabe; o WAL, que recomeça do zero, logo não caberá
        cheio = (sistema.pasta / f"{nome}.log").stat().st_size + 256 * 1024
        mestre = psutil.Process(sistema.processos[nome].pid)
        with sem_disco([mestre, *mestre.children(recursive=True)], cheio):
            compras = [comprar(porta)]
            while compras[-1].terminou() and len(compras) < 200:
                compras.append(comprar(porta))
            assert len(compras) < 200, "o disco não encheu"
        return no_prazo(compras)

    return cenario
