"""Uma corrida rápida do começo ao fim: mede tudo de verdade e escreve o relatório inteiro."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import psutil

from laboratorio.carga.medicao import TRANSPORTES
from laboratorio.relatorio.texto import NAO_MEDIDO
from laboratorio.sistema.processos import RAIZ


def teste_uma_corrida_rapida_faz_o_relatorio_inteiro(tmp_path: Path) -> None:
    # quando se pede o relatório rápido
    comando = [sys.executable, "-m", "laboratorio", "relatorio", "--rapido"]
    subprocess.run([*comando, "--destino", str(tmp_path)], cwd=RAIZ, check=True, timeout=600)

    # então tudo foi medido, nos dois transportes e na receita, e nada se perdeu
    dados = {a.stem: json.loads(a.read_text("utf-8")) for a in (tmp_path / "dados").glob("*.json")}
    assert dados["corrida"]["inteira"] and dados["corrida"]["rapido"]
    alvos = {medida["alvo"] for medida in dados["carga"] if medida["concluidos"]}
    assert alvos == {*TRANSPORTES, "receita-rest", "receita-grpc"}
    assert {m["alvo"] for m in dados["crescimento"] if m["concluidos"]} == set(TRANSPORTES)
    assert {falha["transporte"] for falha in dados["falhas"]} == set(TRANSPORTES)
    assert all(falha["terminados"] == falha["pedidos"] > 0 for falha in dados["falhas"])
    assert not any(falha["auditoria"]["violacoes"] for falha in dados["falhas"])

    # e o relatório diz tudo isso, sem deixar processos
    texto = (tmp_path / "relatorio.md").read_text("utf-8")
    assert NAO_MEDIDO not in texto
    assert (tmp_path / "relatorio.html").stat().st_size > 100_000
    ambientes = [p.info["environ"] or {} for p in psutil.process_iter(["environ"])]
    assert not [a for a in ambientes if "laboratorio-" in a.get("DADOS_DIR", "")]
