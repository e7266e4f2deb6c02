"""As falhas medidas do laboratório: o que a linha do tempo mostra e o que a conferência acha."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from laboratorio.carga.registros import Registro, Registros, ler_registros
from laboratorio.falhas.cenarios import CENARIOS, montada
from laboratorio.falhas.comando import Medicao, Tempos, medir_falha
from laboratorio.falhas.linha_do_tempo import Olhada, convergencia_s, segundos
from laboratorio.falhas.promessas import auditar, confirmadas
from laboratorio.sistema.processos import Sistema

SEMENTE = 7
TUDO = os.environ.get("TUDO") == "1"
POR_NOME = {cenario.falha: cenario for cenario in CENARIOS}


@pytest.mark.parametrize(
    ("falha", "transporte"),
    [
        ("fiscal cortado", "grpc"),
        pytest.param(
            "estoque morto",
            "rest",
            marks=pytest.mark.skipif(not TUDO, reason="só com TUDO=1"),
        ),
    ],
)
def teste_um_cenario_inteiro(
    falha: str, transporte: str, bancos_prontos: Path, tmp_path: Path
) -> None:
    # dada uma falha curta sob carga
    shutil.copytree(bancos_prontos, tmp_path, dirs_exist_ok=True)
    medicao = Medicao(POR_NOME[falha], transporte, Tempos(2, 2, 2), SEMENTE)
    feito: list[float] = []
    with montada(tmp_path, medicao.cenario, transporte) as bancada:
        # quando se mede
        medida = medir_falha(medicao, bancada, feito.append)
        # então a falha se fez sentir, tudo terminou e nada se violou
        assert sum(s["a_caminho"] for s in medida["segundos"]) > 0
        assert sum(s["concluidos"] for s in medida["segundos"]) > 0
        assert max(s["em_andamento"] for s in medida["segundos"]) > 5
        assert [evento["t"] >= 2 for evento in medida["eventos"]] == [True, True]
        assert medida["terminados"] == medida["pedidos"] > 30
        assert medida["convergiu_em_s"] is not None
        assert medida["auditoria"]["violacoes"] == []
        assert feito and feito == sorted(feito)

        # e quando o banco desmente os clientes, a conferência o vê
        compras = confirmadas(ler_registros(tmp_path / "carga.jsonl"), SEMENTE)
        estragar(bancada.sistema)
        achadas = {
            v["invariante"]: v["ids"] for v in auditar(bancada.sistema, compras)["violacoes"]
        }
    ultima = max(compra.pedido_id for compra in compras)
    assert achadas["I5"] == [ultima]
    assert achadas["I8"] == [ultima - 1]


def estragar(sistema: Sistema) -> None:
    """Muda o que o último pedido comprou, e solta o penúltimo da sua chave."""
    sistema.executar_sql(
        "pedidos",
        "UPDATE pedidos_itempedido SET quantidade = 9"
        " WHERE pedido_id = (SELECT max(id) FROM pedidos_pedido)",
    )
    sistema.executar_sql(
        "pedidos",
        "UPDATE pedidos_pedido SET chave_idempotencia = 'outra'"
        " WHERE id = (SELECT max(id) - 1 FROM pedidos_pedido)",
    )


def teste_a_resposta_conta_no_segundo_em_que_chega() -> None:
    # dadas respostas que atravessam a virada do segundo, e o banco olhado entre elas
    pedidos = [
        Registro(0.1, 100.0, "concluido", 1),
        Registro(0.9, 300.0, "concluido", 2),
        Registro(0.9, 500.0, "a_caminho", 3),
        Registro(1.0, 1.0, "recusado", 4),
        Registro(1.0, 1.0, "sobrecarga"),
        Registro(1.1, 1.0, "sem_resposta"),
    ]
    olhadas = [Olhada(100.5, 1, 1, 1), Olhada(101.5, 2, 2, 3), Olhada(101.9, 7, 2, 8)]
    # quando
    primeiro, segundo, vazio = segundos(Registros(100.0, pedidos), olhadas, 3.4)
    # então
    assert (primeiro.concluidos, primeiro.p50_ms, primeiro.em_andamento) == (1, 100.0, 1)
    assert (segundo.concluidos, segundo.a_caminho, segundo.recusados) == (1, 1, 1)
    assert (segundo.outros, segundo.em_andamento) == (2, 7)
    # a recusa e o erro, imediatos, não fazem a latência parecer menor
    assert (segundo.p50_ms, segundo.p99_ms) == (300.0, 500.0)
    assert (vazio.concluidos, vazio.p50_ms, vazio.em_andamento) == (0, None, 7)


def teste_converge_quando_acabam_os_pedidos_de_antes_da_volta() -> None:
    # dada a volta aos 10 s, com pedidos até o 5, e outros que não param de chegar
    antes = [Olhada(9.0, 2, 3, 4), Olhada(9.9, 3, 3, 5)]
    depois = [Olhada(10.5, 3, 5, 8), Olhada(11.5, 2, 7, 9), Olhada(12.0, 0, None, 9)]
    assert convergencia_s(antes + depois, 10.0) == 1.5
    assert convergencia_s(antes + depois[-1:], 10.0) == 2.0
    assert convergencia_s(antes + depois[:1], 10.0) is None
