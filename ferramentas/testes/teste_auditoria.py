"""A auditoria vê o que está errado, onde está, e não se engana com o sistema em uso."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from ferramentas.auditoria.numeros import Numeros
from ferramentas.testes.estragos import Estrago, estragar_tudo
from laboratorio.sistema.processos import RAIZ, Sistema
from pedidos.dominio import INACABADOS
from testes.apoio.compras import abastecer, comprar, corpo
from testes.apoio.portas import Porta, duas_portas

COMPRAS = 16
DA_CADEIA = ("pedidos", "pagamentos", "estoque", "fiscal", "logistica")


def auditar(sistema: Sistema, *opcoes: str, **variaveis: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "auditar", *opcoes],
        cwd=RAIZ,
        env=sistema.ambiente | variaveis,
        capture_output=True,
        text=True,
        check=False,
    )


def laudo(sistema: Sistema, *opcoes: str) -> dict[str, Any]:
    saida = auditar(sistema, "--json", *opcoes)
    assert saida.returncode in (0, 1), saida.stderr
    resultado = json.loads(saida.stdout)
    assert saida.returncode == bool(resultado["violacoes"])
    return resultado


@pytest.fixture(scope="module")
def estragado(
    bancos_prontos: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Estrago, dict[str, Any]]]:
    """Um sistema no ar cujos bancos alguém estragou, e o laudo dele."""
    pasta = tmp_path_factory.mktemp("estragado") / "bancos"
    sistema = Sistema(shutil.copytree(bancos_prontos, pasta))
    try:
        sistema.iniciar(*DA_CADEIA)
        estrago = estragar_tudo(sistema)
        yield estrago, laudo(sistema)
    finally:
        sistema.encerrar()


@pytest.mark.parametrize("invariante", ["I1", "I2", "I3", "I4", "I6", "I7", "I9", "I10"])
def teste_cada_invariante_quebrada_e_dita_com_os_ids(
    estragado: tuple[Estrago, dict[str, Any]], invariante: str
) -> None:
    estrago, resultado = estragado
    achadas = {v["invariante"]: v for v in resultado["violacoes"]}
    assert set(achadas[invariante]["ids"]) == estrago.esperado[invariante]
    assert achadas[invariante]["detalhe"]


def teste_o_json_tem_exatamente_a_forma_do_contrato(
    estragado: tuple[Estrago, dict[str, Any]],
) -> None:
    _, resultado = estragado
    assert set(resultado) == {"pedidos", "violacoes"}
    for violacao in resultado["violacoes"]:
        assert list(violacao) == ["invariante", "ids", "detalhe"]


def teste_os_dados_de_semente_estao_limpos_e_todos_foram_vistos(
    novo_sistema: Callable[..., Sistema],
) -> None:
    sistema = novo_sistema()
    sistema.iniciar(*DA_CADEIA)
    assert laudo(sistema) == {"pedidos": 100, "violacoes": []}
    saida = auditar(sistema)
    assert (saida.returncode, saida.stderr) == (0, "")
    assert "100 pedidos auditados" in saida.stdout
    assert re.findall(r"(I\d+) +│", saida.stdout) == [f"I{n}" for n in (1, 2, 3, 4, 6, 7, 9, 10)]


def teste_um_pedido_parado_so_viola_depois_do_limite(novo_sistema: Callable[..., Sistema]) -> None:
    sistema = novo_sistema()
    sistema.iniciar("catalogo", *DA_CADEIA)
    sistema.parar("fiscal")
    parado = comprar(sistema, corpo()).json()["id"]
    # um pedido velho que se começou a cancelar agora não está parado desde que nasceu
    cancelando = sistema.ler("pedidos", "/pedidos", status="enviado")["results"][-1]["id"]
    assert sistema.pedir("POST", "pedidos", f"/pedidos/{cancelando}/cancelar").status_code == 202
    sistema.iniciar("fiscal")
    assert laudo(sistema, "--limite", "60")["violacoes"] == []
    resultado = laudo(sistema, "--limite", "0")["violacoes"]
    assert [(v["invariante"], v["ids"]) for v in resultado] == [("I6", [cancelando, parado])]


def teste_um_servico_fora_ou_sem_sentido_termina_com_2_e_nada_no_json(
    novo_sistema: Callable[..., Sistema],
) -> None:
    sistema = novo_sistema()
    sistema.iniciar("pedidos", "pagamentos", "estoque", "logistica")
    fora = auditar(sistema, "--json")
    assert (fora.returncode, fora.stdout) == (2, "")
    assert "fiscal" in fora.stderr
    # outro serviço no lugar dele também não serve
    trocado = auditar(sistema, "--json", FISCAL_REST_URL=sistema.url("logistica"))
    assert (trocado.returncode, trocado.stdout) == (2, "")
    assert "fiscal" in trocado.stderr
    recusado = auditar(sistema, "--json", CHAVE_INTERNA="outra")
    assert (recusado.returncode, recusado.stdout) == (2, "")
    assert "403" in recusado.stderr


@contextmanager
def no_lugar_do_fiscal(
    sistema: Sistema, trocar: Callable[[str, bytes], bytes]
) -> Iterator[dict[str, str]]:
    """Um fiscal que troca as respostas do de verdade; devolve a variável que leva até ele."""

    class Atendente(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            resposta = sistema.pedir("GET", "fiscal", self.path, chave="interna")
            corpo = trocar(self.path, resposta.content)
            self.send_response(resposta.status_code)
            self.send_header("Content-Length", str(len(corpo)))
            self.end_headers()
            self.wfile.write(corpo)

        def log_message(self, *_: Any) -> None:
            """Calado."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Atendente) as servidor:
        threading.Thread(target=servidor.serve_forever, daemon=True).start()
        yield {"FISCAL_REST_URL": f"http://127.0.0.1:{servidor.server_port}"}
        servidor.shutdown()


def teste_uma_nota_que_escapou_da_leitura_nao_e_buraco_nem_falta(
    novo_sistema: Callable[..., Sistema],
) -> None:
    # dado um fiscal cuja lista, na hora em que é lida, ainda não tem uma das notas
    sistema = novo_sistema()
    sistema.iniciar(*DA_CADEIA)

    def esconder(caminho: str, corpo: bytes) -> bytes:
        dados = json.loads(corpo)
        if "numero=" not in caminho and "results" in dados:
            dados["results"] = [nota for nota in dados["results"] if nota["numero"] != "50"]
        return json.dumps(dados).encode()

    with no_lugar_do_fiscal(sistema, esconder) as fiscal:
        saida = auditar(sistema, "--json", **fiscal)
    assert json.loads(saida.stdout) == {"pedidos": 100, "violacoes": []}


@pytest.mark.parametrize(
    "resposta",
    [
        b"oi",
        b"[]",
        b'{"results": []}',
        b'{"next": null, "results": [{"pedido_id": 1}]}',
        b'{"next": null, "results": [3]}',
    ],
)
def teste_um_servico_que_diz_coisas_sem_sentido_e_nomeado(
    sistema: Sistema, resposta: bytes
) -> None:
    with no_lugar_do_fiscal(sistema, lambda *_: resposta) as fiscal:
        saida = auditar(sistema, "--json", **fiscal)
    assert (saida.returncode, saida.stdout) == (2, "")
    assert "fiscal" in saida.stderr and "Traceback" not in saida.stderr


def teste_o_sistema_em_uso_nao_da_alarme_falso(novo_sistema: Callable[..., Sistema]) -> None:
    sistema = novo_sistema()
    sistema.iniciar("catalogo", *DA_CADEIA)
    abastecer(sistema, 1, 2)
    parar = threading.Event()
    feitos: list[int] = []

    def usar(produto_id: int) -> None:
        while not parar.is_set():
            resposta = comprar(sistema, corpo(produto_id))
            feitos.append(resposta.json()["id"])
            if len(feitos) % 3 == 0:
                sistema.pedir("POST", "pedidos", f"/pedidos/{feitos[len(feitos) // 2]}/cancelar")

    usuarios = [threading.Thread(target=usar, args=[1 + n % 2]) for n in range(4)]
    for usuario in usuarios:
        usuario.start()
    try:
        resultados = [laudo(sistema) for _ in range(3)]
    finally:
        parar.set()
        for usuario in usuarios:
            usuario.join()
    assert [r["violacoes"] for r in resultados] == [[]] * 3
    assert resultados[-1]["pedidos"] > resultados[0]["pedidos"]
    assert laudo(sistema) == {"pedidos": 100 + len(feitos), "violacoes": []}


def teste_a_retomada_em_curso_nao_da_alarme_falso(novo_sistema: Callable[..., Sistema]) -> None:
    # dado pedidos que pararam em passos diferentes, uns por cancelar, e quem os conduz morto
    sistema = novo_sistema(SIMULACAO="enunciado")  # um pagamento em dez é recusado
    sistema.iniciar()
    abastecer(sistema, 1)
    sistema.matar("retomar")
    with duas_portas(sistema) as portas:
        sem_nota = _comprar_sem(sistema, "fiscal", portas, corpo())
        # com este cartão pagar leva segundos, e a retomada dura mais que uma auditoria
        lento = corpo(metodo="cartao_credito", cartao={"token": "tok_lento"})
        sem_pagar = _comprar_sem(sistema, "pagamentos", portas, lento)
        for n, pedido_id in enumerate(sem_nota[::3]):
            portas[n % 2].agir("cancelar", pedido_id)
    parados = _inacabados(sistema)
    assert len(parados) > len(sem_pagar)
    sistema.matar("pedidos")
    sistema.iniciar("pedidos")
    antes, no_limite = _dois_laudos(sistema)
    # quando o retomar volta e se audita sem parar, até o último pedido terminar
    sistema.iniciar("retomar")
    durante = [_dois_laudos(sistema)]
    while _inacabados(sistema):
        durante.append(_dois_laudos(sistema))
    # então só I6 reclama, só com o limite vencido e só de quem estava a caminho
    assert [(v["invariante"], set(v["ids"])) for v in antes] == [("I6", parados)]
    assert not no_limite and not any(violacoes for _, violacoes in durante)
    achadas = [violacao for vencido, _ in durante for violacao in vencido]
    assert {v["invariante"] for v in achadas} <= {"I6"}
    assert {numero for v in achadas for numero in v["ids"]} <= parados
    assert laudo(sistema, "--limite", "0") == {"pedidos": 100 + COMPRAS * 2, "violacoes": []}


def _dois_laudos(sistema: Sistema) -> list[list[dict[str, Any]]]:
    """As violações de duas auditorias simultâneas: com o limite de I6 vencido, e com folga."""
    with ThreadPoolExecutor(2) as auditores:
        laudos = auditores.map(lambda limite: laudo(sistema, "--limite", limite), ("0", "600"))
        return [achado["violacoes"] for achado in laudos]


def _comprar_sem(
    sistema: Sistema, servico: str, portas: tuple[Porta, ...], pedido: dict[str, Any]
) -> list[int]:
    """Os pedidos feitos, pelas duas portas, enquanto o serviço está fora do ar."""
    nomes = (servico, f"{servico}-grpc")
    for nome in nomes:
        sistema.matar(nome)
    with ThreadPoolExecutor(8) as clientes:
        compras = list(clientes.map(lambda n: portas[n % 2].criar(pedido), range(COMPRAS)))
    sistema.iniciar(*nomes)
    return [pedido_id for _, pedido_id in compras if pedido_id]


def _inacabados(sistema: Sistema) -> set[int]:
    lidos = sistema.ler("pedidos", "/pedidos", tamanho=500)["results"]
    return {pedido["id"] for pedido in lidos if pedido["status"] in INACABADOS}


def teste_um_numero_perdido_la_longe_nao_custa_memoria() -> None:
    numeros = Numeros()
    assert all(numeros.adicionar(n) for n in (1, 2, 4, 2**62))
    assert not numeros.adicionar(4)
    assert numeros.quantos == 4
    buracos = numeros.buracos()
    assert [next(buracos) for _ in range(3)] == [3, 5, 6]
