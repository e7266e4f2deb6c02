"""O mundo da simulação: poucos produtos, dois clientes, e o que eles fazem e se lembram."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.db import connection

from catalogo.models import Produto
from ecommerce.contexto import iniciar
from ecommerce.erros import Erro, Recusado
from ecommerce.mensagens import Ordem
from estoque.casos_de_uso import registrar_entrada
from pedidos.casos_de_uso import (
    NovoPedido,
    cancelar_pedido,
    criar_pedido,
    entregar_pedido,
    retomar_pedido,
)
from pedidos.dominio import DESISTENCIA, INACABADOS, Retrato, Status
from pedidos.models import Cliente, Pedido
from testes.simulacao.clientes import Catalogo, Logistica, Pagamentos
from testes.simulacao.rede import Rede

PECAS = {1: 6, 2: 3, 3: 1}
TABELAS = (
    "pedidos_itempedido", "pedidos_pedido", "pedidos_cliente", "pagamentos_pagamento",
    "operadora_lancamento",
    "estoque_itemseparacao", "estoque_separacao", "estoque_saldo", "fiscal_nota",
    "fiscal_numeracao", "logistica_envio", "catalogo_produto", "operacoes_operacao",
    "sqlite_sequence",
)  # fmt: skip


@dataclass(frozen=True)
class Gesto:
    """Um verbo e sobre o quê: `n` escolhe, do fim para o começo, entre os pedidos que há."""

    verbo: str
    n: int = 0
    novo: NovoPedido | None = None
    chave: str | None = None


@dataclass
class Loja:
    """Faz as ações pela rede e guarda, como o cliente guardaria, o que lhe foi respondido."""

    rede: Rede = field(init=False)
    tentadas: list[tuple[NovoPedido, str]] = field(default_factory=list)
    donos: dict[str, tuple[NovoPedido, int]] = field(default_factory=dict)
    finais: dict[str, object] = field(default_factory=dict)
    confirmados: dict[int, NovoPedido] = field(default_factory=dict)
    alheias: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.rede = Rede(self.fazer)
        _recomecar()

    def fazer(self, gesto: Gesto) -> None:
        """Faz a ação; uma recusa ou uma falta de resposta é um desfecho como os outros."""
        iniciar("rest", prazo_ms=60_000)
        with suppress(Erro):
            getattr(self, f"_{gesto.verbo}")(gesto)

    def terminar(self) -> None:
        """Com tudo no ar: os inacabados vão ao fim e as mensagens atrasadas ainda chegam depois."""
        for _ in range(2):
            for pedido_id in _ids(status__in=INACABADOS):
                self.fazer(Gesto("retomar", _ids()[::-1].index(pedido_id)))
        while self.rede.atrasadas:
            self.fazer(Gesto("entregar_atrasada"))
        for novo, chave in tuple(self.tentadas):
            self.fazer(Gesto("comprar", novo=novo, chave=chave))

    def _comprar(self, gesto: Gesto) -> None:
        novo, chave = gesto.novo, gesto.chave
        assert novo
        if chave:
            self.tentadas.append((novo, chave))
        try:
            retrato = self.rede.chamar("pedidos", lambda: self._criar(novo, chave))
        except Recusado as recusa:
            if recusa.pedido_id:
                self._anotar(novo, chave, recusa.pedido_id, (recusa.codigo, str(recusa)))
            else:
                assert (
                    recusa.codigo != "chave_reutilizada"
                    or self.donos.get(chave or "", (None, 0))[0] != novo
                ), f"{chave} é desta mesma compra"
            raise
        self._anotar(novo, chave, retrato.id, retrato if retrato.terminado else None)

    def _criar(self, novo: NovoPedido, chave: str | None) -> Retrato:
        return criar_pedido(
            novo=novo, chave=chave, catalogo=Catalogo(self.rede), pagamentos=Pagamentos(self.rede)
        )

    def _anotar(self, novo: NovoPedido, chave: str | None, pedido_id: int, final: object) -> None:
        """I8: a chave nomeia um pedido e um corpo só, e a resposta final não muda mais."""
        self.confirmados[pedido_id] = novo
        if chave is None:
            return
        dono = self.donos.setdefault(chave, (novo, pedido_id))
        assert dono == (novo, pedido_id), f"I8: a chave {chave} nomeou {dono} e {pedido_id}"
        if final is None:
            assert chave not in self.finais, f"I8: a chave {chave} voltou atrás"
        else:
            antes = self.finais.setdefault(chave, final)
            assert antes == final, f"I8: a chave {chave} respondeu {antes} e depois {final}"

    def _repetir(self, gesto: Gesto) -> None:
        if self.tentadas:
            novo, chave = self.tentadas[gesto.n % len(self.tentadas)]
            self._comprar(replace(gesto, novo=novo, chave=chave))

    def _cancelar(self, gesto: Gesto) -> None:
        if (pedido_id := _escolher(gesto.n)) is not None:
            self._cancelar_por(pedido_id)

    def _desistir(self, gesto: Gesto) -> None:
        """O que o `retomar` faz com um inacabado depois de DESISTIR_APOS_S."""
        if (pedido_id := _escolher(gesto.n, status__in=INACABADOS)) is not None:
            self._cancelar_por(pedido_id, motivo=DESISTENCIA)

    def _cancelar_por(self, pedido_id: int, **motivo: str) -> None:
        pagamentos = Pagamentos(self.rede)
        self.rede.chamar(
            "pedidos",
            lambda: cancelar_pedido(pedido_id=pedido_id, pagamentos=pagamentos, **motivo),
        )

    def _retomar(self, gesto: Gesto) -> None:
        if (pedido_id := _escolher(gesto.n)) is not None:
            pagamentos = Pagamentos(self.rede)
            self.rede.chamar(
                "pedidos", lambda: retomar_pedido(pedido_id=pedido_id, pagamentos=pagamentos)
            )

    def _entregar(self, gesto: Gesto) -> None:
        if (pedido_id := _escolher(gesto.n)) is not None:
            logistica = Logistica(self.rede)
            self.rede.chamar(
                "pedidos", lambda: entregar_pedido(pedido_id=pedido_id, logistica=logistica)
            )

    def _forjar(self, gesto: Gesto) -> None:
        """Alguém com a chave interna usa o número do próximo pedido, ou do último (ADR 0009)."""
        if ultimo := Pedido.objects.first():
            pedido_id = ultimo.pk + (ultimo.status != Status.PENDENTE)
            alheia = _outra(ultimo.ordem, pedido_id)
            self.alheias.add(alheia.impressao)
            Pagamentos(self.rede).processar(alheia)

    def _entregar_atrasada(self, gesto: Gesto) -> None:
        if self.rede.atrasadas:
            atrasada = self.rede.atrasadas.pop(-1 - gesto.n % len(self.rede.atrasadas))
            self.rede.chamar(*atrasada)

    def _dar_entrada(self, gesto: Gesto) -> None:
        produto_id = 1 + gesto.n % len(PECAS)
        self.rede.chamar("estoque", lambda: registrar_entrada(produto_id=produto_id, quantidade=1))

    def _deixar_o_prazo_passar(self, gesto: Gesto) -> None:
        Pedido.objects.update(em_curso_ate=None)


def _escolher(n: int, **filtro: object) -> int | None:
    ids = _ids(**filtro)
    return ids[-1 - n % len(ids)] if ids else None


def _ids(**filtro: object) -> list[int]:
    return list(Pedido.objects.filter(**filtro).order_by("id").values_list("id", flat=True))


def _outra(ordem: Ordem, pedido_id: int) -> Ordem:
    """A ordem com outro número e uma peça a mais do primeiro item."""
    primeiro = replace(ordem.itens[0], quantidade=ordem.itens[0].quantidade + 1)
    total = ordem.valor_total + primeiro.preco_unitario
    itens = (primeiro, *ordem.itens[1:])
    return replace(ordem, pedido_id=pedido_id, itens=itens, valor_total=total)


def _recomecar() -> None:
    """Esvazia os bancos e põe de volta os clientes, os produtos e as peças do começo."""
    with connection.cursor() as cursor:
        for tabela in TABELAS:
            cursor.execute(f"DELETE FROM {tabela}")  # noqa: S608 - são as de cima
    iniciar("rest", prazo_ms=60_000)
    for id_, nome in enumerate(("Ana Souza", "Bia Lima"), 1):
        Cliente.objects.create(id=id_, nome=nome, email=f"{id_}@exemplo.com")
    for id_, pecas in PECAS.items():
        Produto.objects.create(id=id_, nome=f"Produto {id_}", preco=Decimal(f"{id_}.90"))
        registrar_entrada(produto_id=id_, quantidade=pecas)
