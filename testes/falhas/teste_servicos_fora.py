"""O checkout com um serviço fora, lento ou reiniciado: resposta no prazo e nada perdido."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from ecommerce.servicos import SERVICOS
from laboratorio.sistema.processos import TERMINA_EM_S, Sistema, esperar
from testes.apoio.compras import abastecer, comprar, corpo, por_pedido

METADE_DO_PRAZO_S = 5
ORDEM = {
    "cliente": {"id": 1, "nome": "Ana Souza", "email": "ana@exemplo.com"},
    "valor_total": "10.00",
    "itens": [{"produto_id": 1, "nome": "A", "quantidade": 1, "preco_unitario": "10.00"}],
}


def teste_sem_logistica_responde_202_e_retomar_termina_com_uma_cobranca(
    novo_sistema: Callable[..., Sistema],
) -> None:
    sistema = novo_sistema()
    sistema.iniciar(*SERVICOS)  # sem o processo `retomar`, para retomar à mão
    abastecer(sistema, 1)
    sistema.parar("logistica")

    inicio = time.monotonic()
    resposta = comprar(sistema, corpo(), chave="k")
    assert time.monotonic() - inicio < METADE_DO_PRAZO_S
    assert resposta.status_code == 202
    pedido = resposta.json()
    assert (pedido["status"], pedido["pagamento"]) == ("nf_emitida", {"status": "aprovado"})
    assert resposta.headers["Location"] == f"/pedidos/{pedido['id']}"
    assert resposta.headers["Retry-After"]
    assert comprar(sistema, corpo(), chave="k").status_code == 202
    assert sistema.pedir("GET", "catalogo", "/produtos").status_code == 200

    cancelar = sistema.pedir(
        "POST", "pedidos", f"/pedidos/{comprar(sistema, corpo()).json()['id']}/cancelar"
    )
    assert (cancelar.status_code, cancelar.json()["status"]) == (202, "cancelando")

    sistema.iniciar("logistica")
    caminho = f"/pedidos/{pedido['id']}/retomar"
    retomado = sistema.pedir("POST", "pedidos", caminho, chave="interna")
    assert (retomado.status_code, retomado.json()["status"]) == (200, "enviado")
    final = comprar(sistema, corpo(), chave="k")
    assert (final.status_code, final.json()) == (201, retomado.json())
    operacoes = sistema.ler("pagamentos", "/operacoes", pedido_id=pedido["id"])["results"]
    assert [o["resultado"] for o in operacoes] == ["aprovado"]

    caminho = f"/pedidos/{cancelar.json()['id']}/retomar"
    retomado = sistema.pedir("POST", "pedidos", caminho, chave="interna")
    assert (retomado.status_code, retomado.json()["status"]) == (200, "cancelado")


def teste_sem_estoque_no_ar_a_vitrine_mostra_o_ultimo_saldo(
    novo_sistema: Callable[..., Sistema],
) -> None:
    sistema = novo_sistema()
    sistema.iniciar("estoque", "catalogo")
    fresca = sistema.pedir("GET", "catalogo", "/produtos")
    assert "X-Estoque-Em" not in fresca.headers
    sistema.parar("estoque")
    time.sleep(1.1)
    velha = sistema.pedir("GET", "catalogo", "/produtos")
    assert velha.json() == fresca.json()
    assert velha.headers["X-Estoque-Em"].endswith("Z")


def teste_sem_catalogo_503_e_nada_gravado(novo_sistema: Callable[..., Sistema]) -> None:
    sistema = novo_sistema()
    sistema.iniciar("pedidos")
    antes = sistema.ler("pedidos", "/pedidos")
    resposta = comprar(sistema, corpo())
    assert (resposta.status_code, resposta.json()["codigo"]) == (503, "indisponivel")
    assert resposta.headers["Retry-After"]
    assert sistema.ler("pedidos", "/pedidos") == antes


def teste_quem_demora_mais_que_o_prazo_nao_segura_o_cliente(
    novo_sistema: Callable[..., Sistema],
) -> None:
    # dado um prazo menor que os 3 s do tok_lento
    sistema = novo_sistema(PRAZO_CHECKOUT_MS="1500")
    sistema.iniciar()
    abastecer(sistema, 1)
    lento = corpo(metodo="cartao_credito", cartao={"token": "tok_lento"})
    inicio = time.monotonic()
    resposta = comprar(sistema, lento)
    assert time.monotonic() - inicio < 2
    assert (resposta.status_code, resposta.json()["status"]) == (202, "pendente")
    pedido_id = resposta.json()["id"]
    assert por_pedido(sistema, pedido_id)["pagamentos"] == "-"
    # e a operadora não recomeça a cada tentativa: o pedido acaba, com uma cobrança
    ler = partial(sistema.ler, "pedidos", f"/pedidos/{pedido_id}")
    esperar(lambda: ler()["status"] == "enviado", TERMINA_EM_S, "o pedido ser enviado")
    lancados = sistema.ler("pagamentos", "/operadora/lancamentos", pedido_id=pedido_id)["results"]
    assert [(linha["tipo"], linha["status"]) for linha in lancados] == [("cobranca", "aprovado")]


def teste_o_tempo_na_fila_gasta_o_prazo_de_quem_espera(
    novo_sistema: Callable[..., Sistema],
) -> None:
    # dado um serviço com todas as threads ocupadas, e outras tantas chamadas em fila
    sistema = novo_sistema()
    sistema.iniciar("pagamentos")
    threads = SERVICOS["pagamentos"].threads

    def pagar(numero: int) -> int:
        ordem = ORDEM | {"pedido_id": numero, "metodo": "cartao_credito"}
        return sistema.pedir(
            "POST",
            "pagamentos",
            "/pagamentos",
            chave="interna",
            json=ordem | {"token_cartao": "tok_lento"},  # mais lento que o prazo
            headers={"X-Prazo-Ms": "1500"},
        ).status_code

    # quando todas têm o mesmo prazo
    inicio = time.monotonic()
    with ThreadPoolExecutor(2 * threads) as clientes:
        ouvidas = list(clientes.map(pagar, range(1001, 1001 + 2 * threads)))

    # então quem esperou ouve que não deu tempo, em vez de recomeçar o prazo que já gastou
    assert set(ouvidas) == {504}
    assert time.monotonic() - inicio < 2 * 1.5
