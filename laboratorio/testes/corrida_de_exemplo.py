"""Uma corrida pequena e inventada, no formato das de verdade, para os testes do relatório."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ecommerce.servicos import SERVICOS
from laboratorio.carga.medicao import Medida
from laboratorio.relatorio.maquina import descrever
from laboratorio.sistema.processos import processo_de

CPU_MS = {"rest": 10.0, "grpc": 6.5, "receita-rest": 21.0, "receita-grpc": 17.0}
RODADAS = (1, 2, 3)
MUDA_POR_RODADA = {1: 0.98, 2: 1.0, 3: 1.03}


def gravar(pasta: Path, cpu_ms: dict[str, float] | None = None) -> Path:
    """Grava `pasta`/dados com os custos dados (ms de CPU por checkout) e devolve `pasta`."""
    custos = cpu_ms or CPU_MS
    dados = pasta / "dados"
    dados.mkdir(parents=True)
    conteudo: dict[str, Any] = {
        "corrida": _corrida(),
        "carga": [asdict(m) for m in _carga(custos)],
        "crescimento": [asdict(m) for m in _crescimento(custos)],
        "falhas": [_falha(transporte) for transporte in ("rest", "grpc")],
        "linhas": _linhas(),
        "enunciado": {"semente": 1, "pedidos": 100, "regras": [_regra()]},
    }
    for nome, valor in conteudo.items():
        (dados / f"{nome}.json").write_text(json.dumps(valor), encoding="utf-8")
    return pasta


def mudar(pasta: Path, arquivo: str, mudanca: Callable[[Any], Any]) -> None:
    """Troca o conteúdo de um arquivo de dados pelo que `mudanca` devolve."""
    caminho = pasta / "dados" / f"{arquivo}.json"
    mudado = mudanca(json.loads(caminho.read_text(encoding="utf-8")))
    caminho.write_text(json.dumps(mudado), encoding="utf-8")


def medida(
    alvo: str,
    cpu_ms: float,
    *,
    clientes: int | None = None,
    taxa: float | None = None,
    rodada: int = 1,
    pedidos_no_banco: int = 0,
) -> Medida:
    cpu = cpu_ms * MUDA_POR_RODADA[rodada]
    por_segundo = min(taxa or 1e9, 1500 / cpu)
    p50 = (clientes or 4) / por_segundo * 1000
    processo: dict[str, float | None] = {
        "cpu_ms_por_checkout": cpu / 6,
        "cpu_por_cento": cpu / 60 * por_segundo,
        "memoria_mb": 70.0,
        "threads": 20,
        "arquivos": 30,
    }
    return Medida(
        alvo=alvo,
        modo="fechado" if clientes else "aberto",
        clientes=clientes,
        taxa=taxa,
        rodada=rodada,
        pedidos_no_banco=pedidos_no_banco,
        segundos=5.0,
        concluidos=int(5 * por_segundo),
        por_segundo=por_segundo,
        erros={"sobrecarga": 12} if clientes == 32 else {},
        latencia_ms={"p50": p50, "p90": p50 * 1.5, "p99": p50 * 2.5, "max": p50 * 4},
        cpu_ms_por_checkout=cpu,
        gerador={"cpu_ms_por_checkout": 3.0, "cpu_por_cento": 0.3 * por_segundo},
        processos={processo_de(servico, alvo): processo for servico in SERVICOS},
        amostras=[],
    )


def _carga(custos: dict[str, float]) -> list[Medida]:
    return [
        medida(alvo, custos[alvo], rodada=rodada, **carga)
        for rodada in RODADAS
        for carga in ({"clientes": 1}, {"clientes": 8}, {"clientes": 32}, {"taxa": 50.0})
        for alvo in custos
    ]


def _crescimento(custos: dict[str, float]) -> list[Medida]:
    return [
        medida(alvo, custos[alvo], clientes=8, rodada=rodada, pedidos_no_banco=pedidos)
        for rodada in RODADAS
        for pedidos in (0, 10_000)
        for alvo in ("rest", "grpc")
    ]


def _falha(transporte: str) -> dict[str, Any]:
    segundos = [
        {
            "t": t,
            "concluidos": 0 if 3 <= t < 6 else 15,
            "a_caminho": 15 if 3 <= t < 6 else 0,
            "recusados": 0,
            "outros": 0,
            "p50_ms": None if t == 3 else 12.5,
            "p99_ms": None if t == 3 else 48.0,
            "em_andamento": 15 * (t - 2) if 3 <= t < 6 else 0,
        }
        for t in range(10)
    ]
    return {
        "falha": "estoque morto",
        "descricao": "O processo do estoque é morto e volta.",
        "transporte": transporte,
        "eventos": [{"t": 3.0, "nome": "kill -9"}, {"t": 6.0, "nome": "de volta"}],
        "segundos": segundos,
        "pedidos": 150,
        "terminados": 150,
        "convergiu_em_s": 2.7,
        "auditoria": {"pedidos": 150, "violacoes": []},
    }


def _corrida() -> dict[str, Any]:
    inicio = {"inicio": "2026-11-23T12:00:00+00:00", "duracao_s": 75.0, "inteira": True}
    return inicio | {"rapido": False, "semente": 7} | descrever()


def _linhas() -> dict[str, Any]:
    partes = {
        nome: {"arquivos": 3, "linhas": 111}
        for nome in ("contrato", "adaptador", "listas, formulários e OpenAPI")
    }
    transportes = ("comum", "rest", "grpc", "receita", "receita-rest", "receita-grpc")
    return dict.fromkeys(transportes, partes)


def _regra() -> dict[str, Any]:
    return {"acao": "reparada", "motivo": "a data era anterior à do passo de antes", "linhas": 86}
