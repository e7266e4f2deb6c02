"""O que os dados de uma corrida dizem: medianas, intervalos, comparações. Aqui não há texto."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from laboratorio.estatistica import Intervalo, intervalo

Medida = dict[str, Any]
Medir = Callable[[Medida], float | None]

TRANSPORTES = {"rest": "REST", "grpc": "gRPC"}
ALVOS = TRANSPORTES | {"receita-rest": "receita REST", "receita-grpc": "receita gRPC"}
# a carga em que se comparam custos: já há disputa, e ninguém recusa nada
CLIENTES_DE_REFERENCIA = 8
# um transporte contra o outro, cada um contra a receita, e as receitas entre si
PARES = (
    ("rest", "grpc"),
    ("receita-rest", "rest"),
    ("receita-grpc", "grpc"),
    ("receita-rest", "receita-grpc"),
)
# com menos que isto um intervalo não quer dizer nada
RODADAS_QUE_BASTAM = 3


@dataclass(frozen=True)
class Dados:
    """Os arquivos de dados de uma corrida; o que não foi medido está vazio."""

    corrida: dict[str, Any] = field(default_factory=dict)
    carga: list[Medida] = field(default_factory=list)
    crescimento: list[Medida] = field(default_factory=list)
    falhas: list[dict[str, Any]] = field(default_factory=list)
    linhas: dict[str, dict[str, dict[str, int]]] = field(default_factory=dict)
    enunciado: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Comparacao:
    """Quanto `outro` é de `um`: a razão das medidas feitas lado a lado, e o intervalo dela."""

    um: str
    outro: str
    razao: Intervalo
    pares: int

    @property
    def decidida(self) -> bool:
        """Se há rodadas que cheguem e o intervalo deixa o 1 de fora: um é maior que o outro."""
        return self.pares >= RODADAS_QUE_BASTAM and not self.razao.de <= 1 <= self.razao.ate

    @property
    def menor(self) -> str:
        return self.outro if self.razao.mediana < 1 else self.um

    @property
    def maior(self) -> str:
        return self.um if self.razao.mediana < 1 else self.outro

    @property
    def economia(self) -> Intervalo:
        """A fração do maior que o menor poupa."""
        r = self.razao
        if r.mediana < 1:
            return Intervalo(1 - r.mediana, 1 - r.ate, 1 - r.de)
        return Intervalo(1 - 1 / r.mediana, 1 - 1 / r.de, 1 - 1 / r.ate)


def ler(pasta: Path) -> Dados:
    """Os dados de `pasta`. Levanta ValueError se um arquivo não é JSON."""
    achados = {c.stem: json.loads(c.read_text(encoding="utf-8")) for c in pasta.glob("*.json")}
    return Dados(**{nome: achados[nome] for nome in Dados.__dataclass_fields__ if nome in achados})


def degraus(medidas: list[Medida], eixo: str) -> list[int | float]:
    """Os valores do `eixo` (`clientes`, `taxa`, `pedidos_no_banco`) em que algo foi medido."""
    return sorted({m[eixo] for m in medidas if m[eixo] is not None})


def alvos(medidas: list[Medida]) -> list[str]:
    """Os alvos medidos, na ordem de sempre."""
    medidos = {m["alvo"] for m in medidas}
    return [alvo for alvo in ALVOS if alvo in medidos]


def valores(medidas: list[Medida], medir: Medir, **filtro: Any) -> list[float]:
    """O que `medir` tira de cada medida que casa com o filtro, sem as que nada têm a dizer."""
    casam = (m for m in medidas if all(m[campo] == valor for campo, valor in filtro.items()))
    return [valor for m in casam if (valor := medir(m)) is not None]


def mediana(medidas: list[Medida], medir: Medir, **filtro: Any) -> float | None:
    achados = valores(medidas, medir, **filtro)
    return median(achados) if achados else None


def serie(
    medidas: list[Medida], alvo: str, eixo: str, medir: Medir
) -> list[tuple[float, float, float, float]]:
    """(degrau, mediana, menor, maior) das rodadas, para cada degrau do eixo em que há medida."""
    pontos = []
    for x in degraus(medidas, eixo):
        achados = valores(medidas, medir, alvo=alvo, **{eixo: x})
        if achados:
            pontos.append((float(x), median(achados), min(achados), max(achados)))
    return pontos


def latencia(percentil: str) -> Medir:
    """Mede um percentil da latência (ms) dos pedidos concluídos."""
    return lambda m: m["latencia_ms"].get(percentil) if m["latencia_ms"] else None


def cpu_ms(m: Medida) -> float | None:
    """CPU (ms) de todos os processos do sistema por checkout concluído."""
    valor: float | None = m["cpu_ms_por_checkout"]
    return valor


def por_segundo(m: Medida) -> float:
    return float(m["por_segundo"])


def do_processo(nome: str, campo: str) -> Medir:
    return lambda m: m["processos"].get(nome, {}).get(campo)


def fracao_de_erros(m: Medida) -> float | None:
    """Que fração das respostas não foi um checkout concluído."""
    erros = sum(m["erros"].values())
    return erros / (erros + m["concluidos"]) if erros + m["concluidos"] else None


def da_referencia(medidas: list[Medida]) -> list[Medida]:
    """As medidas de clientes fechados na carga de referência, ou na mais próxima que houver."""
    medidos = degraus(medidas, "clientes")
    if not medidos:
        return []
    perto = min(medidos, key=lambda n: abs(n - CLIENTES_DE_REFERENCIA))
    return [m for m in medidas if m["clientes"] == perto]


def custos(medidas: list[Medida]) -> dict[str, Intervalo]:
    """CPU (ms) por checkout de cada alvo na carga de referência, com o intervalo das rodadas."""
    proximas = da_referencia(medidas)
    por_alvo = {alvo: valores(proximas, cpu_ms, alvo=alvo) for alvo in alvos(proximas)}
    return {alvo: intervalo(achados) for alvo, achados in por_alvo.items() if achados}


def comparar(medidas: list[Medida], medir: Medir, um: str, outro: str) -> Comparacao | None:
    """`outro` contra `um`, só entre medidas da mesma rodada e da mesma carga."""
    pares: dict[tuple[Any, ...], dict[str, float]] = defaultdict(dict)
    for m in medidas:
        valor = medir(m)
        if m["alvo"] in (um, outro) and valor:
            carga = (m["modo"], m["clientes"], m["taxa"], m["rodada"], m["pedidos_no_banco"])
            pares[carga][m["alvo"]] = valor
    razoes = [par[outro] / par[um] for par in pares.values() if len(par) == 2]
    return Comparacao(um, outro, intervalo(razoes), len(razoes)) if razoes else None


def comparacoes(medidas: list[Medida], medir: Medir) -> list[Comparacao]:
    """Os pares que interessam e foram medidos, comparados na carga de referência."""
    proximas = da_referencia(medidas)
    return [c for um, outro in PARES if (c := comparar(proximas, medir, um, outro))]


def capacidade(medidas: list[Medida], alvo: str) -> tuple[float, Medida] | None:
    """O degrau em que o alvo mais concluiu por segundo, e quanto (mediana das rodadas)."""
    das_rodadas: dict[Any, list[Medida]] = defaultdict(list)
    for m in medidas:
        if m["alvo"] == alvo:
            das_rodadas[m["clientes"], m["taxa"]].append(m)
    picos = [(median(map(por_segundo, ms)), ms[0]) for ms in das_rodadas.values()]
    return max(picos, key=lambda pico: pico[0], default=None)


def cpu_do_gerador(medidas: list[Medida]) -> tuple[float, float] | None:
    """A mediana e o máximo da CPU do gerador de carga, em % de um núcleo."""
    achados = valores(medidas, lambda m: m["gerador"]["cpu_por_cento"])
    return (median(achados), max(achados)) if achados else None


def ocupacao(m: Medida) -> dict[str, float]:
    """Os processos do sistema que mais CPU gastaram na medida, em % de um núcleo."""
    gastos = {n: p["cpu_por_cento"] for n, p in m["processos"].items() if p["cpu_por_cento"]}
    return dict(sorted(gastos.items(), key=lambda gasto: -gasto[1]))


def erros_por_tipo(medidas: list[Medida], alvo: str) -> dict[str, int]:
    """Quantas respostas de cada tipo não foram um checkout concluído, em todas as medidas."""
    total: Counter[str] = Counter()
    for m in medidas:
        if m["alvo"] == alvo:
            total.update(m["erros"])
    return dict(total.most_common())


def da_falha(cenario: dict[str, Any]) -> dict[str, float | None]:
    """Concluídos por segundo antes, durante e depois dos eventos, e o pior p99 (ms) da corrida."""
    instantes = [e["t"] for e in cenario["eventos"]] or [float("inf")]
    comeco, fim = min(instantes), max(instantes)
    trechos: dict[str, list[float]] = {"antes": [], "durante": [], "depois": []}
    for s in cenario["segundos"]:
        trecho = "antes" if s["t"] < comeco else "durante" if s["t"] < fim else "depois"
        trechos[trecho].append(s["concluidos"])
    achados = {nome: median(ns) if ns else None for nome, ns in trechos.items()}
    piores = [s["p99_ms"] for s in cenario["segundos"] if s["p99_ms"] is not None]
    auge = max((s["em_andamento"] for s in cenario["segundos"]), default=None)
    return achados | {"pior_p99_ms": max(piores, default=None), "auge": auge}


def do_gerador(m: Medida) -> float | None:
    """CPU (ms) do gerador de carga por checkout."""
    valor: float | None = m["gerador"]["cpu_ms_por_checkout"]
    return valor


def crescimento(medidas: list[Medida], alvo: str) -> Comparacao | None:
    """A CPU por checkout dos bancos mais cheios contra a dos mais vazios, na mesma rodada."""
    proximas = da_referencia(medidas)
    tamanhos = degraus(proximas, "pedidos_no_banco")
    por_rodada: dict[int, dict[float, float]] = defaultdict(dict)
    for m in proximas:
        if m["alvo"] == alvo and (valor := cpu_ms(m)):
            por_rodada[m["rodada"]][m["pedidos_no_banco"]] = valor
    ambos = (r for r in por_rodada.values() if {tamanhos[0], tamanhos[-1]} <= set(r))
    razoes = [r[tamanhos[-1]] / r[tamanhos[0]] for r in ambos]
    if len(tamanhos) < 2 or not razoes:
        return None
    return Comparacao(str(tamanhos[0]), str(tamanhos[-1]), intervalo(razoes), len(razoes))


def partes(dados: Dados) -> list[str]:
    """As partes em que o código dos dois transportes se divide, sem repetir."""
    dos_dois = [*dados.linhas.get("rest", {}), *dados.linhas.get("grpc", {})]
    return list(dict.fromkeys(dos_dois))


def linhas_do_transporte(dados: Dados, transporte: str, *, gerado: bool = False) -> int:
    """As linhas escritas à mão para um transporte, ou as que o protoc gerou."""
    partes = dados.linhas.get(transporte, {})
    return sum(c["linhas"] for parte, c in partes.items() if ("gerado" in parte) == gerado)
