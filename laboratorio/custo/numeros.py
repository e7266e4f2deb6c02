"""Das medidas aos números do custo: cada um por alvo, contra a receita e contra a meta."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from laboratorio.carga.medicao import TRANSPORTES, Medida
from laboratorio.custo.partida import Partida
from laboratorio.estatistica import Intervalo, intervalo
from laboratorio.formatos import numero as por_extenso

ALVOS = ("rest", "receita-rest", "grpc", "receita-grpc")
DO_CUSTO = 8  # com quantos clientes se compara a CPU de um checkout
METAS_POR_TRANSPORTE = {"rest": ("REST", 10.0, 12.0), "grpc": ("gRPC", 7.0, 8.0)}
Valor = Callable[[Medida], float | None]


@dataclass
class Colheita:
    """O que a corrida mediu até aqui; só cresce, e o que falta não aparece."""

    medidas: list[Medida] = field(default_factory=list)
    commits: dict[str, dict[str, float]] = field(default_factory=dict)
    partida: Partida | None = None
    produtos_por_segundo: float | None = None

    def de(self, alvo: str, clientes: int, pedidos: int = 0) -> list[Medida]:
        """As medidas de um alvo, com tantos clientes e com tantos pedidos no banco no começo."""
        desejado = (alvo, clientes, pedidos)
        return [m for m in self.medidas if (m.alvo, m.clientes, m.pedidos_no_banco) == desejado]


@dataclass(frozen=True)
class Numero:
    """Um número do custo em cada alvo em que se mediu."""

    nome: str
    valores: dict[str, Intervalo]

    def razao(self, transporte: str) -> float | None:
        """Quanto dá, dividido pelo que dá na receita do mesmo transporte."""
        nosso, deles = self.valores.get(transporte), self.valores.get(f"receita-{transporte}")
        return nosso.mediana / deles.mediana if nosso and deles and deles.mediana else None


@dataclass(frozen=True)
class Meta:
    """Um limite: `medido` cumpre se fica abaixo de `limite`, ou acima quando é um piso."""

    nome: str
    medido: float
    limite: float
    piso: bool = False

    @property
    def cumprida(self) -> bool:
        return self.medido >= self.limite if self.piso else self.medido <= self.limite


def numeros(colheita: Colheita) -> list[Numero]:
    """Os números na ordem em que se mostram; só os que têm algum valor."""
    cargas = sorted({m.clientes for m in colheita.medidas if m.clientes})
    todos = [_cpu(colheita), *_cpu_por_servico(colheita), *_cpu_com_bancos_cheios(colheita)]
    for clientes in cargas:
        todos.append(_por_alvo(colheita, f"checkouts/s{_com(clientes)}", clientes, _por_segundo))
    for clientes in cargas:
        for qual in ("p50", "p99"):
            nome = f"{qual} (ms){_com(clientes)}"
            todos.append(_por_alvo(colheita, nome, clientes, _latencia(qual)))
    todos.append(_commits(colheita))
    for clientes in cargas[-1:]:
        todos.append(_por_alvo(colheita, "CPU do gerador (%)", clientes, _do_gerador))
    return [numero for numero in todos if numero.valores]


def metas(colheita: Colheita) -> list[Meta]:
    """As metas que já se pode julgar."""
    todas = [meta for transporte in TRANSPORTES for meta in _do_transporte(colheita, transporte)]
    if colheita.produtos_por_segundo:
        produtos = colheita.produtos_por_segundo
        todas.append(Meta("GET /produtos por segundo e núcleo", produtos, 1000, piso=True))
    if colheita.partida:
        todas.append(Meta("segundo início (s)", colheita.partida.segundos, 6))
        todas.append(Meta("memória de tudo, PSS (MB)", colheita.partida.memoria_mb, 900))
    return todas


def crescimento(colheita: Colheita, transporte: str) -> dict[int, Intervalo]:
    """Quantos % a mais custa um checkout, por pedidos nos bancos, rodada contra rodada."""
    vazias = {m.rodada: m for m in colheita.de(transporte, DO_CUSTO)}
    a_mais = {}
    for pedidos in _pedidos_nos_bancos(colheita):
        cheias = colheita.de(transporte, DO_CUSTO, pedidos)
        pares = [(vazias[cheia.rodada], cheia) for cheia in cheias if cheia.rodada in vazias]
        if por_cento := [
            (cheia.cpu_ms_por_checkout / vazia.cpu_ms_por_checkout - 1) * 100
            for vazia, cheia in pares
            if vazia.cpu_ms_por_checkout and cheia.cpu_ms_por_checkout
        ]:
            a_mais[pedidos] = intervalo(por_cento)
    return a_mais


def _do_transporte(colheita: Colheita, transporte: str) -> Iterator[Meta]:
    nome, cpu_ms, p50_ms = METAS_POR_TRANSPORTE[transporte]
    cpu = _cpu(colheita)
    if transporte in cpu.valores:
        yield Meta(f"{nome}: CPU por checkout (ms)", cpu.valores[transporte].mediana, cpu_ms)
    if (razao := cpu.razao(transporte)) is not None:
        yield Meta(f"{nome}: CPU em relação à receita", razao, 0.5)
    sozinho = _intervalo(colheita.de(transporte, 1), _latencia("p50"))
    if sozinho:
        yield Meta(f"{nome}: p50 de um cliente só (ms)", sozinho.mediana, p50_ms)
    for pedidos, a_mais in crescimento(colheita, transporte).items():
        yield Meta(f"{nome}: CPU a mais, {por_extenso(pedidos)} pedidos (%)", a_mais.mediana, 5)


def _pedidos_nos_bancos(colheita: Colheita) -> list[int]:
    return sorted({m.pedidos_no_banco for m in colheita.medidas} - {0})


def _com(clientes: int) -> str:
    return f", {clientes} cliente{'s' if clientes > 1 else ''}"


def _cpu_com_bancos_cheios(colheita: Colheita) -> Iterator[Numero]:
    for pedidos in _pedidos_nos_bancos(colheita):
        yield _por_alvo(
            colheita, f"CPU, {por_extenso(pedidos)} pedidos (ms)", DO_CUSTO, _cpu_ms, pedidos
        )


def _cpu(colheita: Colheita) -> Numero:
    return _por_alvo(colheita, "CPU por checkout (ms)", DO_CUSTO, _cpu_ms)


def _cpu_por_servico(colheita: Colheita) -> Iterable[Numero]:
    servicos = {nome.removesuffix("-grpc"): None for m in colheita.medidas for nome in m.processos}
    for servico in servicos:
        yield _por_alvo(colheita, f"  {servico}", DO_CUSTO, _cpu_do_servico(servico))


def _commits(colheita: Colheita) -> Numero:
    totais = {alvo: sum(bancos.values()) for alvo, bancos in colheita.commits.items()}
    valores = {alvo: Intervalo(total, total, total) for alvo, total in totais.items()}
    return Numero("commits por checkout", valores)


def _por_alvo(
    colheita: Colheita, nome: str, clientes: int, valor: Valor, pedidos: int = 0
) -> Numero:
    achados = {alvo: _intervalo(colheita.de(alvo, clientes, pedidos), valor) for alvo in ALVOS}
    return Numero(nome, {alvo: achado for alvo, achado in achados.items() if achado})


def _intervalo(medidas: Iterable[Medida], valor: Valor) -> Intervalo | None:
    valores = [v for medida in medidas if (v := valor(medida)) is not None]
    return intervalo(valores) if valores else None


def _cpu_ms(medida: Medida) -> float | None:
    return medida.cpu_ms_por_checkout


def _por_segundo(medida: Medida) -> float:
    return medida.por_segundo


def _do_gerador(medida: Medida) -> float | None:
    return medida.gerador["cpu_por_cento"]


def _latencia(qual: str) -> Valor:
    return lambda medida: medida.latencia_ms.get(qual)


def _cpu_do_servico(servico: str) -> Valor:
    """A CPU do serviço nos dois transportes: o que não está em uso também custa, se acorda."""

    def somar(medida: Medida) -> float | None:
        partes = [
            processo["cpu_ms_por_checkout"]
            for nome, processo in medida.processos.items()
            if nome.removesuffix("-grpc") == servico
        ]
        medidas = [parte for parte in partes if parte is not None]
        return sum(medidas) if medidas else None

    return somar
