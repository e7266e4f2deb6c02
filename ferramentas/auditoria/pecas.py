"""I1: as peças de cada produto fecham com as separações, mesmo com o estoque em uso.

As separações são lidas ao longo de minutos e os saldos no fim. O que mudou nesse meio-tempo está
no registro de operações do estoque, que tem uma linha por efeito: com ele se sabe quanto cada
produto tinha separado na hora em que o saldo foi lido.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ecommerce.mensagens import LinhaSeparacao
from ecommerce.transporte.rest.mensagens import separacao_de_json
from estoque.dominio import Status
from ferramentas.auditoria.apis import incompreensivel, ler_lista, ler_um
from ferramentas.auditoria.numeros import Numeros

_SINAL: dict[str, int] = {Status.SEPARADO: 1, Status.LIBERADO: -1}


@dataclass(frozen=True)
class Efeito:
    """Uma operação que separou as peças de um pedido (sinal 1) ou as liberou (-1)."""

    operacao_id: int
    pedido_id: int
    sinal: int


@dataclass
class Pecas:
    """As peças separadas que a leitura contou; `desde` é a última operação antes dela."""

    desde: int
    somas: Counter[int] = field(default_factory=Counter)
    contados: Numeros = field(default_factory=Numeros)

    def contar(self, separacao: LinhaSeparacao) -> None:
        if separacao.status == Status.SEPARADO:
            self.contados.adicionar(separacao.pedido_id)
            for item in separacao.itens:
                self.somas[item.produto_id] += item.quantidade


def ultima_operacao() -> int:
    """O número da última operação do estoque, ou 0. Levanta Indisponivel."""
    primeira = next(ler_lista("estoque", "/operacoes"), None)
    return 0 if primeira is None else _inteiro(primeira, "id")


def conferir_pecas(pecas: Pecas) -> Iterator[tuple[int, list[str]]]:
    """Cada produto e os motivos por que viola I1, se viola. Levanta Indisponivel."""
    antes_dos_saldos = ultima_operacao()
    saldos = {_inteiro(saldo, "produto_id"): saldo for saldo in ler_lista("estoque", "/estoque")}
    possiveis = _possiveis(pecas, antes_dos_saldos)
    for produto_id in saldos.keys() | pecas.somas.keys():
        esperado = possiveis.get(produto_id, {pecas.somas[produto_id]})
        yield produto_id, _motivos(saldos.get(produto_id), esperado)


def _motivos(saldo: dict[str, Any] | None, esperado: set[int]) -> list[str]:
    if saldo is None:
        return [] if 0 in esperado else ["separado sem nunca ter entrado"]
    numeros = disponivel, separado, entradas = tuple(
        _inteiro(saldo, campo) for campo in ("disponivel", "separado", "entradas")
    )
    motivos = ["entradas não é disponível + separado"] if entradas != disponivel + separado else []
    if separado not in esperado:
        motivos.append("separado não é a soma das separações em vigor")
    if min(numeros) < 0:
        motivos.append("quantidade negativa")
    return motivos


def _possiveis(pecas: Pecas, antes_dos_saldos: int) -> dict[int, set[int]]:
    """Põe as somas como estavam quando os saldos começaram a ser lidos.

    Devolve o que cada produto movimentado desde então teve separado, de um momento a outro.
    """
    efeitos = _efeitos_desde(pecas.desde)
    itens = {pedido_id: _itens(pedido_id) for pedido_id in {e.pedido_id for e in efeitos}}
    vistos: set[int] = set()
    for efeito in efeitos:
        if efeito.pedido_id not in vistos:
            vistos.add(efeito.pedido_id)
            # quem é liberado estava separado antes; o que a leitura contou dele se desconta
            antes = int(efeito.sinal < 0) - int(efeito.pedido_id in pecas.contados)
            _somar(pecas.somas, itens[efeito.pedido_id], antes)
        if efeito.operacao_id <= antes_dos_saldos:
            _somar(pecas.somas, itens[efeito.pedido_id], efeito.sinal)
    possiveis: dict[int, set[int]] = defaultdict(set)
    agora = pecas.somas.copy()
    for efeito in efeitos:
        if efeito.operacao_id > antes_dos_saldos:
            for produto_id, quantidade in itens[efeito.pedido_id].items():
                possiveis[produto_id].add(agora[produto_id])
                agora[produto_id] += efeito.sinal * quantidade
                possiveis[produto_id].add(agora[produto_id])
    return possiveis


def _somar(somas: Counter[int], itens: dict[int, int], vezes: int) -> None:
    for produto_id, quantidade in itens.items():
        somas[produto_id] += vezes * quantidade


def _efeitos_desde(operacao_id: int) -> list[Efeito]:
    """Os efeitos registrados depois da operação dada, do mais antigo ao mais novo."""
    efeitos = []
    for linha in ler_lista("estoque", "/operacoes"):
        if _inteiro(linha, "id") <= operacao_id:
            break
        sinal = _SINAL.get(linha.get("resultado", ""))
        if sinal and linha.get("pedido_id"):
            efeitos.append(Efeito(linha["id"], _inteiro(linha, "pedido_id"), sinal))
    return efeitos[::-1]


def _itens(pedido_id: int) -> dict[int, int]:
    """As peças de cada produto na separação do pedido, que não mudam depois de gravadas."""
    dados = ler_um("estoque", f"/separacoes/{pedido_id}")
    try:
        return {item.produto_id: item.quantidade for item in separacao_de_json(dados).itens}
    except (KeyError, TypeError, ValueError) as erro:
        raise incompreensivel("estoque", "/separacoes") from erro


def _inteiro(linha: dict[str, Any], campo: str) -> int:
    valor = linha.get(campo)
    if not isinstance(valor, int):
        raise incompreensivel("estoque", f"o campo {campo}")
    return valor
