"""O que o estoque faz: separar, liberar, dar entrada, consultar."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Protocol

from django.db import IntegrityError
from django.db.models import F
from django.utils import timezone

from ecommerce.acesso import pedir_permissao
from ecommerce.banco.sql import buscar, executar, inserir
from ecommerce.banco.transacao import transacao
from ecommerce.erros import EntradaInvalida, NaoEncontrado, Recusado
from ecommerce.idempotencia import exigir_chave_valida, exigir_mesmo_corpo
from ecommerce.mensagens import (
    Andamento,
    Item,
    ItemSeparado,
    LinhaNota,
    LinhaSeparacao,
    Ordem,
    validar_ids,
)
from ecommerce.operacoes.registro import registrar
from ecommerce.passos import desfazer_ou_lapide, exigir_mesma_ordem, gravar_uma_vez, passar_adiante
from estoque.dominio import (
    CHAVES_VALEM,
    LIBERAVEIS,
    SALDO_MAXIMO,
    Status,
    exigir_entrada_valida,
)
from estoque.models import EntradaComChave, ItemSeparacao, Saldo, Separacao

CHAVES_ESQUECIDAS_POR_VEZ = 20
_PASSAR_A_SEPARADO = """
    UPDATE estoque_saldo SET disponivel = disponivel - %s, separado = separado + %s
    WHERE produto_id = %s AND disponivel >= %s
"""


class Fiscal(Protocol):
    """O próximo serviço, por qualquer transporte."""

    def emitir(self, ordem: Ordem) -> Andamento: ...
    def cancelar(self, pedido_id: int, impressao: str | None) -> LinhaNota: ...


@dataclass(frozen=True)
class LinhaSaldo:
    """As peças de um produto: `entradas` = `disponivel` + `separado`."""

    produto_id: int
    disponivel: int
    separado: int
    entradas: int


def decidir_separacao(*, ordem: Ordem) -> Separacao:
    """Separa todos os itens do pedido ou nenhum e o grava, uma vez só: repetido, é o mesmo.

    Levanta Recusado se não havia peças, Conflito se o pedido chegou antes com outro conteúdo.
    """
    salva = buscar(Separacao, pedido_id=ordem.pedido_id)
    separacao = salva or _retirar_e_salvar(ordem)
    exigir_mesma_ordem(separacao.impressao, ordem)
    if separacao.status == Status.RECUSADO:
        raise Recusado(
            "Não há peças para todos os itens.",
            codigo="sem_estoque",
            pedido_id=ordem.pedido_id,
            situacao=separacao.status,
        )
    if separacao.status == Status.LIBERADO:
        raise Recusado(
            "A separação já foi liberada.",
            codigo=separacao.motivo or "pedido_cancelado",
            pedido_id=ordem.pedido_id,
            situacao=separacao.status,
        )
    return separacao


def separar_estoque(*, ordem: Ordem, fiscal: Fiscal) -> Andamento:
    """Separa os itens do pedido e manda emitir a nota.

    Levanta Recusado (nada fica separado), Conflito se o pedido chegou antes com outro conteúdo,
    SemResposta se não se sabe o que houve adiante.
    """
    separacao = decidir_separacao(ordem=ordem)
    andamento = passar_adiante(
        fiscal.emitir, ordem, servico="estoque", compensar=desfazer_separacao
    )
    # os itens gravados são os da ordem, que tem a mesma impressão
    itens = tuple(ItemSeparado(item.produto_id, item.quantidade) for item in ordem.itens)
    linha = LinhaSeparacao(ordem.pedido_id, separacao.status, itens)
    return replace(andamento, separacao=linha)


def liberar_estoque(
    *, pedido_id: int, impressao: str | None = None, fiscal: Fiscal
) -> LinhaSeparacao:
    """Desfaz os passos seguintes e libera as peças; de um pedido nunca visto deixa a lápide.

    Levanta Conflito se o pedido já foi entregue, SemResposta se alguém abaixo não respondeu.
    """
    fiscal.cancelar(pedido_id, impressao)
    return desfazer_separacao(
        pedido_id=pedido_id, impressao=impressao, motivo="pedido_cancelado"
    ).linha


def desfazer_separacao(*, pedido_id: int, impressao: str | None, motivo: str) -> Separacao:
    """Devolve só as peças; de um pedido nunca visto deixa a lápide. `motivo` é um `codigo`."""
    return desfazer_ou_lapide(
        Separacao,
        pedido_id,
        "liberar_estoque",
        impressao=impressao,
        de=LIBERAVEIS,
        ao_desfazer=_devolver,
        status=Status.LIBERADO,
        motivo=motivo,
    )


def registrar_entrada(*, produto_id: int, quantidade: int, chave: str | None = None) -> LinhaSaldo:
    """Põe peças no estoque; a primeira entrada de um produto cria o seu saldo.

    `chave` (Idempotency-Key) nomeia uma entrada só: repetida, a resposta é a mesma e nada se soma.
    Levanta EntradaInvalida se o produto, a quantidade ou a chave não serve, ou o saldo passaria do
    máximo; Recusado se a chave é de outra entrada.
    """
    exigir_chave_valida(chave)
    exigir_entrada_valida(produto_id, quantidade)
    if anterior := _da_chave(chave, produto_id, quantidade):
        return anterior
    try:
        with transacao():
            saldo = _somar(produto_id, quantidade)
            if chave:
                inserir(EntradaComChave(chave=chave, quantidade=quantidade, **vars(saldo)))
                _esquecer_chaves_antigas()
            registrar("registrar_entrada", pedido_id=None, resultado="registrada")
    except IntegrityError:  # outra com a mesma chave chegou ao mesmo tempo
        anterior = _da_chave(chave, produto_id, quantidade)
        if anterior is None:
            raise
        return anterior
    return saldo


def consultar_estoque(*, produto_id: int) -> LinhaSaldo:
    """As peças de um produto. Levanta NaoEncontrado."""
    saldo = Saldo.objects.filter(pk=produto_id).first()
    if saldo is None:
        raise NaoEncontrado(f"O produto {produto_id} nunca entrou no estoque.")
    return _linha(saldo)


def consultar_saldos(*, ids: Collection[int] = ()) -> list[LinhaSaldo]:
    """As peças dos produtos dados que já entraram, ou de todos.

    Levanta EntradaInvalida se são mais de 100, ou um deles não é um id.
    """
    if ids and (erros := validar_ids(ids, "produto_id")):
        raise EntradaInvalida(erros)
    saldos = Saldo.objects.filter(pk__in=ids) if ids else Saldo.objects.all()
    return [_linha(saldo) for saldo in saldos]


def consultar_separacao(*, pedido_id: int) -> LinhaSeparacao:
    """A separação de um pedido. Levanta NaoEncontrado."""
    separacao = Separacao.objects.filter(pk=pedido_id).first()
    if separacao is None:
        raise NaoEncontrado(f"O pedido {pedido_id} não tem separação.", pedido_id=pedido_id)
    return separacao.linha


pedir_permissao("estoque.view_saldo", consultar_estoque, consultar_saldos)
pedir_permissao("estoque.change_saldo", registrar_entrada)
pedir_permissao("estoque.view_separacao", consultar_separacao)


def _linha(saldo: Saldo | EntradaComChave) -> LinhaSaldo:
    return LinhaSaldo(saldo.produto_id, saldo.disponivel, saldo.separado, saldo.entradas)


def _da_chave(chave: str | None, produto_id: int, quantidade: int) -> LinhaSaldo | None:
    """O que se respondeu à entrada que a chave já nomeia. Levanta Recusado se era outra."""
    entrada = buscar(EntradaComChave, chave=chave) if chave else None
    if entrada is None:
        return None
    exigir_mesmo_corpo((entrada.produto_id, entrada.quantidade), (produto_id, quantidade))
    return _linha(entrada)


def _somar(produto_id: int, quantidade: int) -> LinhaSaldo:
    """Como ficou o saldo. Levanta EntradaInvalida se ele passaria do máximo."""
    Saldo.objects.get_or_create(pk=produto_id)
    cabe = Saldo.objects.filter(pk=produto_id, entradas__lte=SALDO_MAXIMO - quantidade)
    if not cabe.update(
        disponivel=F("disponivel") + quantidade, entradas=F("entradas") + quantidade
    ):
        raise EntradaInvalida({"quantidade": ["O saldo passaria do máximo."]})
    return consultar_estoque(produto_id=produto_id)


def _esquecer_chaves_antigas() -> None:
    """Apaga umas poucas das que já não valem; como são mais que uma, a tabela não cresce."""
    antigas = EntradaComChave.objects.filter(criada_em__lt=timezone.now() - CHAVES_VALEM)
    # as que outra entrada está apagando agora ficam com ela: ninguém espera por ninguém
    vencidas = antigas.select_for_update(skip_locked=True).values_list("pk", flat=True)
    EntradaComChave.objects.filter(pk__in=list(vencidas[:CHAVES_ESQUECIDAS_POR_VEZ])).delete()


def _retirar_e_salvar(ordem: Ordem) -> Separacao:
    """Separa tudo ou recusa, e grava a decisão com os itens e a operação."""
    separacao = Separacao(pedido_id=ordem.pedido_id, impressao=ordem.impressao)

    def gravar() -> None:
        separacao.status = Status.SEPARADO if _retirar(ordem.itens) else Status.RECUSADO
        inserir(separacao)
        inserir(
            *(
                ItemSeparacao(
                    separacao_id=ordem.pedido_id, produto_id=i.produto_id, quantidade=i.quantidade
                )
                for i in ordem.itens
            )
        )
        registrar("separar_estoque", pedido_id=ordem.pedido_id, resultado=separacao.status)

    return gravar_uma_vez(separacao, gravar)


def _retirar(itens: tuple[Item, ...]) -> bool:
    """Passa as peças de disponível a separado, só onde há bastante; tudo ou nada."""
    # sempre na mesma ordem: no PostgreSQL, dois pedidos não se travam um ao outro
    em_ordem = sorted(itens, key=lambda item: item.produto_id)
    for posicao, item in enumerate(em_ordem):
        if not _passar_a_separado(item.produto_id, item.quantidade):
            for retirado in em_ordem[:posicao]:
                _passar_a_separado(retirado.produto_id, -retirado.quantidade)
            return False
    return True


def _passar_a_separado(produto_id: int, quantidade: int) -> bool:
    """Se havia peças disponíveis; uma quantidade negativa as traz de volta."""
    return bool(executar(_PASSAR_A_SEPARADO, quantidade, quantidade, produto_id, quantidade))


def _devolver(separacao: Separacao) -> None:
    for item in separacao.itens.order_by("produto_id"):
        _passar_a_separado(item.produto_id, -item.quantidade)
