"""O gerador de carga, as amostras e a medida: o que dizem é o que o sistema fez."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import accumulate, islice
from pathlib import Path
from typing import Any

import psutil
import pytest

from laboratorio.carga.encomendas import Carga, chegadas, encomendas
from laboratorio.carga.medicao import abastecer, gerando, medir
from laboratorio.carga.registros import Registros, ler_registros
from laboratorio.sistema.amostras import cpu_s
from laboratorio.sistema.processos import RAIZ, Sistema, esperar

SEMENTE = 5
FECHADO = Carga("fechado", 0.8, SEMENTE, clientes=3)
ABERTO = Carga("aberto", 0.8, SEMENTE, taxa=20)
LONGA = Carga("fechado", 60, SEMENTE, clientes=2)


@pytest.fixture(scope="module")
def no_ar(bancos_prontos: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sistema]:
    """Um sistema só deste módulo: a carga enche os bancos, e as peças não acabam."""
    pasta = tmp_path_factory.mktemp("carga")
    for banco in bancos_prontos.glob("*.db"):
        shutil.copy(banco, pasta)
    sistema = Sistema(pasta)
    try:
        sistema.iniciar()
        abastecer(sistema)
        yield sistema
    finally:
        sistema.encerrar()


def pedidos_desde(sistema: Sistema, ultimo: int) -> dict[int, dict[str, Any]]:
    """Os pedidos de número maior que `ultimo`, pela API."""
    pagina = sistema.ler("pedidos", "/pedidos", tamanho=500)["results"]
    assert len(pagina) < 500 or min(p["id"] for p in pagina) <= ultimo
    return {pedido["id"]: pedido for pedido in pagina if pedido["id"] > ultimo}


def ultimo_pedido(sistema: Sistema) -> int:
    return max(pedidos_desde(sistema, 0))


@pytest.mark.parametrize(
    ("alvo", "carga"), [("rest", FECHADO), ("grpc", FECHADO), ("grpc", ABERTO)]
)
def teste_os_registros_dizem_o_que_a_api_mostra(
    no_ar: Sistema, alvo: str, carga: Carga, tmp_path: Path
) -> None:
    # dado um gerador já aquecido
    frio = ultimo_pedido(no_ar)
    with gerando(alvo, no_ar, carga, tmp_path / "diario.jsonl", aquecimento_s=0.3) as geracao:
        quente = ultimo_pedido(no_ar)
        # quando se gera a carga
        geracao.comecar()
    # então os pedidos novos são os registrados, cada um o que a semente mandou comprar
    novos = pedidos_desde(no_ar, quente)
    registros = geracao.registros()
    assert registros.inteiro and quente > frio
    assert {r.pedido_id for r in registros.pedidos} == set(novos)
    assert {r.desfecho for r in registros.pedidos} == {"concluido"}
    corpos = list(islice(encomendas(SEMENTE), len(novos)))
    for registro in registros.pedidos:
        pedido = novos[registro.pedido_id or 0]
        corpo = corpos[int(registro.chave.rpartition("-")[2])]
        itens = [{k: i[k] for k in ("produto_id", "quantidade")} for i in pedido["itens"]]
        assert pedido["status"] == "enviado"
        assert (pedido["cliente_id"], itens) == (corpo["cliente_id"], corpo["itens"])
    # e foram feitos pelo transporte pedido
    operacoes = no_ar.ler("pedidos", "/operacoes", pedido_id=max(novos))["results"]
    assert {operacao["transporte"] for operacao in operacoes} == {alvo}
    if carga.modo == "fechado":
        assert ao_mesmo_tempo(registros) == FECHADO.clientes
        assert len(novos) > ao_mesmo_tempo(registros)
    # ninguém é atendido antes de chegar
    assert min(r.duracao_ms for r in registros.pedidos) > 0
    assert carga.segundos <= registros.segundos < carga.segundos + 5
    assert 0 < registros.cpu_s < registros.segundos


def ao_mesmo_tempo(registros: Registros) -> int:
    """O máximo de pedidos em curso ao mesmo tempo."""
    bordas = [(r.inicio_s, 1) for r in registros.pedidos]
    # o fim de um e o começo do seguinte se arredondam cada um para o seu lado
    bordas += [(r.inicio_s + r.duracao_ms / 1000 - 1e-4, -1) for r in registros.pedidos]
    return max(accumulate(passo for _, passo in sorted(bordas)))


def teste_a_demora_conta_da_hora_marcada(no_ar: Sistema, tmp_path: Path) -> None:
    # dado um sistema que para no meio de uma carga aberta
    carga = Carga("aberto", 1.5, SEMENTE, taxa=20)
    with gerando("rest", no_ar, carga, tmp_path / "diario.jsonl", aquecimento_s=0.3) as geracao:
        geracao.comecar()
        time.sleep(0.3)
        with parado(no_ar, "pedidos"):
            time.sleep(1)
    registros = geracao.registros()
    # então ninguém deixou de chegar na hora, e quem chegou na pausa esperou o resto dela
    chegaram = sorted(r.inicio_s for r in registros.pedidos)
    assert chegaram == pytest.approx(list(chegadas(SEMENTE, 20, 1.5)), abs=1e-3)
    assert sum(r.duracao_ms > 400 for r in registros.pedidos) >= 5


@contextmanager
def parado(sistema: Sistema, nome: str) -> Iterator[None]:
    pai = psutil.Process(sistema.processos[nome].pid)
    processos = [pai, *pai.children(recursive=True)]
    for processo in processos:
        processo.suspend()
    try:
        yield
    finally:
        for processo in processos:
            processo.resume()


def teste_alem_do_maximo_em_curso_o_excedente_e_contado(no_ar: Sistema, tmp_path: Path) -> None:
    # dadas mais chegadas do que o gerador deixa em curso, e ninguém que as atenda
    carga = Carga("aberto", 1, SEMENTE, taxa=800)
    with (
        gerando("grpc", no_ar, carga, tmp_path / "diario.jsonl") as geracao,
        parado(no_ar, "pedidos-grpc"),
    ):
        geracao.comecar()
        time.sleep(1.2)
    desfechos = Counter(r.desfecho for r in geracao.registros().pedidos)
    assert desfechos.total() == len(list(chegadas(SEMENTE, 800, 1)))
    assert 0 < desfechos["excedente"] <= desfechos.total() - 512


def teste_interrompido_o_gerador_para_e_o_diario_fica(no_ar: Sistema, tmp_path: Path) -> None:
    arquivo = tmp_path / "diario.jsonl"
    with (
        ExitStack() as no_fim,
        pytest.raises(KeyboardInterrupt),
        gerando("rest", no_ar, LONGA, arquivo) as geracao,
    ):
        geracao.comecar()
        esperar(lambda: arquivo.exists() and "concluido" in arquivo.read_text(), 20, "um pedido")
        # o que está em curso não tem quem o responda
        no_fim.enter_context(parado(no_ar, "pedidos"))
        raise KeyboardInterrupt
    registros = ler_registros(arquivo)
    assert geracao.processo.returncode == 0
    assert registros.pedidos and not registros.inteiro
    assert registros.segundos < 30


def teste_o_gerador_nao_sobrevive_a_quem_o_mandou(no_ar: Sistema, tmp_path: Path) -> None:
    with gerando("grpc", no_ar, LONGA, tmp_path / "diario.jsonl") as geracao:
        geracao.comecar()
        time.sleep(0.5)
        assert geracao.processo.stdin
        geracao.processo.stdin.close()  # o que acontece quando o dono morre
        assert geracao.processo.wait(10) == 0
    assert not geracao.registros().inteiro


def teste_quem_ouve_sobrecarga_espera_um_segundo() -> None:
    # dados dois clientes a quem só se responde `sobrecarga`, ou a quem se responde na hora
    programa = """if True:
        from laboratorio.carga.gerador import Carga, Event, Fase
        from locust import User
        for desfecho in ("sobrecarga", "recusado"):
            comprar = lambda usuario, corpo, chave: (desfecho, None)
            vistos = []
            fase = Fase(Carga("fechado", 0.5, 1, clientes=2), vistos.append)
            fase.rodar(type("Cliente", (User,), {"comprar": comprar}), Event())
            print(len(vistos))
    """
    saida = subprocess.run(
        [sys.executable, "-c", programa], cwd=RAIZ, capture_output=True, text=True, check=True
    )
    pacientes, sem_pausa = map(int, saida.stdout.split())
    assert pacientes == 2
    assert sem_pausa > 20


def teste_uma_medida_soma_o_que_cada_processo_gastou(no_ar: Sistema) -> None:
    antes = cpu_s(no_ar.processos)
    medida = medir("rest", no_ar, FECHADO, rodada=2, pedidos_no_banco=100, aquecimento_s=0.3)
    depois = cpu_s(no_ar.processos)
    dados = json.loads(json.dumps(medida.como_json()))
    assert (dados["alvo"], dados["modo"], dados["clientes"], dados["taxa"]) == (
        "rest", "fechado", 3, None,
    )  # fmt: skip
    assert (dados["rodada"], dados["pedidos_no_banco"], dados["erros"]) == (2, 100, {})
    assert dados["por_segundo"] == pytest.approx(medida.concluidos / medida.segundos, rel=0.01)
    latencia = dados["latencia_ms"]
    assert 0 < latencia["p50"] <= latencia["p90"] <= latencia["p99"] <= latencia["max"]
    # o aquecimento também gastou, mas não conta
    gasto_ms = sum(depois.values()) * 1000 - sum(antes.values()) * 1000
    contado_ms = medida.concluidos * (medida.cpu_ms_por_checkout or 0)
    assert 0.3 * gasto_ms < contado_ms < 0.95 * gasto_ms
    processos = dados["processos"]
    assert set(processos) == set(no_ar.processos)
    por_processo = {nome: p["cpu_ms_por_checkout"] for nome, p in processos.items()}
    assert sum(por_processo.values()) == pytest.approx(medida.cpu_ms_por_checkout, rel=0.01)
    assert por_processo["pedidos"] > 5 * por_processo["pedidos-grpc"]
    assert all(p["memoria_mb"] > 10 and p["threads"] and p["arquivos"] for p in processos.values())
    assert {a["processo"] for a in dados["amostras"]} == set(no_ar.processos)
    assert dados["gerador"]["cpu_ms_por_checkout"] > 0


def teste_ctrl_c_no_meio_da_coleta_guarda_o_medido_e_nao_deixa_ninguem(tmp_path: Path) -> None:
    # dada uma coleta que já mediu alguma coisa
    programa = (
        "import sys; from pathlib import Path; from laboratorio.relatorio.coleta import coletar;"
        f"sys.exit(0 if coletar(Path({str(tmp_path)!r}), True, 1) else 130)"
    )
    dados = tmp_path / "dados"
    dados.mkdir()
    (dados / "falhas.json").write_text("[1]")  # de uma corrida anterior
    coleta = psutil.Popen([sys.executable, "-c", programa], cwd=RAIZ, stderr=subprocess.PIPE)
    try:
        esperar((dados / "carga.json").exists, 120, "a primeira medida")
        filhos = coleta.children(recursive=True)
        # quando se aperta Ctrl-C
        coleta.send_signal(signal.SIGINT)
        _, erros = coleta.communicate(timeout=60)
    finally:
        for vivo in (*coleta.children(recursive=True), coleta) if coleta.is_running() else ():
            vivo.kill()
    # então o que se mediu fica, a corrida diz que não chegou ao fim, e ninguém sobra
    assert coleta.returncode == 130, erros
    medidas = json.loads((dados / "carga.json").read_text())
    corrida = json.loads((dados / "corrida.json").read_text())
    assert medidas[0]["alvo"] == "rest" and medidas[0]["concluidos"]
    assert not corrida["inteira"] and corrida["duracao_s"] > 1 and corrida["semente"] == 1
    assert corrida["versoes"]["locust"] and corrida["maquina"]["nucleos"]
    assert not (dados / "falhas.json").exists()
    assert json.loads((dados / "linhas.json").read_text())
    assert len(filhos) > 20
    assert not psutil.wait_procs(filhos, timeout=5)[1]
