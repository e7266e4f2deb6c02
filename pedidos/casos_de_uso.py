"""O que o serviço de pedidos faz: criar, retomar, cancelar, entregar, consultar."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Protocol

from django.db import IntegrityError
from django.utils import timezone

from ecommerce import mensagens
from ecommerce.acesso import Quem, abrir_a, pedir_permissao
from ecommerce.banco.sql import buscar, inserir
from ecommerce.banco.transacao import transacao
from ecommerce.contexto import chamada_atual
from ecommerce.erros import Conflito, EntradaInvalida, Indisponivel, NaoEncontrado, Recusado
from ecommerce.idempotencia import exigir_chave_valida, exigir_mesmo_corpo
from ecommerce.mensagens import (
    PEDIDO_MAXIMO,
    VALOR_MAXIMO,
    Item,
    LinhaEnvio,
    Ordem,
    Preco,
    impressao_digital,
    validar_id,
    validar_itens,
    validar_pagamento,
)
from ecommerce.operacoes.registro import registrar
from ecommerce.textos import (
    email_normalizado,
    normalizado,
    normalizar,
    validar_email,
    validar_nome,
)
from pedidos.dominio import (
    A_CAMINHO,
    CANCELADO_A_PEDIDO,
    CANCELAVEIS,
    Retrato,
    Status,
    exigir_cancelavel,
    exigir_entregavel,
    recusa,
)
from pedidos.models import Cliente, ItemPedido, Pedido
from pedidos.saga import Pagamentos, conduzir, desfazer, marcar_cancelando, mudar


class Catalogo(Protocol):
    """De onde vêm os preços, por qualquer transporte."""

    def precos(self, ids: Collection[int]) -> dict[int, Preco]: ...


class Logistica(Protocol):
    """Quem entrega, por qualquer transporte."""

    def entregar(self, pedido_id: int) -> LinhaEnvio: ...


@dataclass(frozen=True)
class NovoPedido:
    """O que o cliente pede: pares (produto_id, quantidade), sem preços.

    Levanta EntradaInvalida pelas regras que valem em todo transporte.
    """

    cliente_id: int
    itens: tuple[tuple[int, int], ...]
    metodo: str
    token_cartao: str | None

    def __post_init__(self) -> None:
        normalizar(self, "token_cartao")
        erros = validar_id(self.cliente_id, "cliente_id") | validar_itens(list(self.itens))
        erros |= validar_pagamento(self.metodo, self.token_cartao, "cartao.token")
        if erros:
            raise EntradaInvalida(erros)

    @property
    def impressao(self) -> str:
        """SHA-256 do corpo, para reconhecer a mesma chave com outro pedido."""
        return impressao_digital(self.cliente_id, self.metodo, self.token_cartao, *self.itens)


def criar_pedido(
    *, novo: NovoPedido, chave: str | None, catalogo: Catalogo, pagamentos: Pagamentos
) -> Retrato:
    """Cria o pedido e o conduz pela cadeia; `chave` (Idempotency-Key) nomeia um pedido só.

    Devolve o pedido enviado, ou a caminho quando alguém não respondeu. Levanta Recusado (nada
    fica cobrado nem separado), Conflito enquanto a mesma chave está em curso, EntradaInvalida,
    ou SemResposta se o catálogo não disse os preços ou não há mais números (nada foi gravado).
    """
    exigir_chave_valida(chave)
    pedido = _da_chave(chave, novo)
    if pedido is None:
        pedido, criado = _salvar(novo, chave, catalogo)
        if criado:
            conduzir(pedido, pagamentos)
    return _resposta(pedido)


def retomar_pedido(*, pedido_id: int, pagamentos: Pagamentos) -> Retrato:
    """Retoma um pedido inacabado; um pedido terminado fica como está.

    Levanta NaoEncontrado.
    """
    pedido = _buscar(pedido_id)
    if pedido.status == Status.CANCELANDO:
        desfazer(pedido, pagamentos)
    elif pedido.status in A_CAMINHO:
        conduzir(pedido, pagamentos)
    return pedido.retrato


def cancelar_pedido(
    *, pedido_id: int, pagamentos: Pagamentos, motivo: str = CANCELADO_A_PEDIDO
) -> Retrato:
    """Cancela o pedido e desfaz tudo, da ponta mais distante para cá.

    `motivo` é `cancelado_a_pedido` ou `desistencia`. Devolve o pedido `cancelando` quando alguém
    não respondeu. Levanta NaoEncontrado, ou Conflito se ele já foi entregue.
    """
    pedido = _buscar(pedido_id)
    if pedido.status in CANCELAVEIS:
        marcar_cancelando(pedido, motivo)
    if pedido.status == Status.CANCELANDO:
        desfazer(pedido, pagamentos)
    exigir_cancelavel(pedido_id, Status(pedido.status))
    return pedido.retrato


def entregar_pedido(*, pedido_id: int, logistica: Logistica) -> Retrato:
    """Marca o pedido enviado como entregue, na logística e aqui.

    Levanta NaoEncontrado, Conflito se ele não está enviado, SemResposta sem a logística.
    """
    pedido = _buscar(pedido_id)
    exigir_entregavel(pedido_id, Status(pedido.status))
    envio = logistica.entregar(pedido_id)
    mudancas = {"status": Status.ENTREGUE, "envio_status": envio.status}
    if not mudar(pedido, (Status.ENVIADO,), "entregar_pedido", **mudancas):
        exigir_entregavel(pedido_id, Status(pedido.status))
    return pedido.retrato


def consultar_pedido(*, pedido_id: int) -> Retrato:
    """O pedido como está. Levanta NaoEncontrado."""
    return _buscar(pedido_id).retrato


def cadastrar_cliente(*, nome: str, email: str) -> Cliente:
    """Cadastra um cliente, com o nome e o e-mail normalizados.

    Levanta EntradaInvalida se não cabem numa nota fiscal ou o e-mail já tem dono.
    """
    cliente = Cliente(nome=normalizado(nome), email=email_normalizado(email))
    if erros := validar_nome(cliente.nome, "nome") | validar_email(cliente.email, "email"):
        raise EntradaInvalida(erros)
    try:
        with transacao():
            cliente.save(force_insert=True)
            registrar("cadastrar_cliente", pedido_id=None, resultado="cadastrado")
    except IntegrityError:
        raise EntradaInvalida({"email": ["Já há um cliente com este e-mail."]}) from None
    return cliente


def consultar_cliente(*, cliente_id: int) -> Cliente:
    """O cliente. Levanta NaoEncontrado."""
    cliente = buscar(Cliente, id=cliente_id)
    if cliente is None:
        raise NaoEncontrado(f"O cliente {cliente_id} não existe.")
    return cliente


abrir_a(Quem.LOJA, criar_pedido, cancelar_pedido, consultar_pedido)
abrir_a(Quem.LOJA, cadastrar_cliente, consultar_cliente)
pedir_permissao("pedidos.view_pedido", consultar_pedido)
pedir_permissao("pedidos.add_pedido", criar_pedido)
pedir_permissao("pedidos.change_pedido", cancelar_pedido, retomar_pedido, entregar_pedido)
pedir_permissao("pedidos.view_cliente", consultar_cliente)
pedir_permissao("pedidos.add_cliente", cadastrar_cliente)


def _buscar(pedido_id: int) -> Pedido:
    completos = Pedido.objects.select_related("cliente").prefetch_related("itens")
    pedido = completos.filter(pk=pedido_id).first()
    if pedido is None:
        raise NaoEncontrado(f"O pedido {pedido_id} não existe.", pedido_id=pedido_id)
    return pedido


def _da_chave(chave: str | None, novo: NovoPedido) -> Pedido | None:
    """O pedido que a chave já nomeia. Levanta Recusado se o corpo era outro."""
    pedido = buscar(Pedido, chave_idempotencia=chave) if chave else None
    if pedido is None:
        return None
    exigir_mesmo_corpo(pedido.impressao, novo.impressao)
    if pedido.em_curso:
        raise Conflito(
            "A primeira requisição com esta chave ainda está em curso.",
            codigo="chave_em_uso",
            pedido_id=pedido.pk,
            tentar_em_s=1,
        )
    return pedido


def _resposta(pedido: Pedido) -> Retrato:
    """O que o checkout respondeu ou responde; sempre o mesmo depois do fim."""
    if pedido.enviado_em:
        return pedido.retrato.como_foi_enviado()
    if pedido.status == Status.CANCELADO:
        raise recusa(pedido.pk, pedido.motivo)
    return pedido.retrato


def _salvar(novo: NovoPedido, chave: str | None, catalogo: Catalogo) -> tuple[Pedido, bool]:
    """Grava o pedido com os preços de agora; False se outra requisição com a chave chegou antes."""
    cliente = buscar(Cliente, id=novo.cliente_id)
    if cliente is None:
        raise Recusado(f"O cliente {novo.cliente_id} não existe.", codigo="cliente_inexistente")
    itens = _com_precos(novo, catalogo)
    chamada = chamada_atual()
    pedido = Pedido(
        cliente=cliente,
        valor_total=_total_aceito(novo, cliente, itens),
        metodo=novo.metodo,
        token_cartao=novo.token_cartao,
        transporte=chamada.transporte,
        chave_idempotencia=chave,
        impressao=novo.impressao,
        em_curso_ate=timezone.now() + timedelta(seconds=max(0, chamada.prazo.restante_s)),
    )
    try:
        _gravar(pedido, itens)
    except IntegrityError:
        anterior = _da_chave(chave, novo)
        if anterior is None:
            raise
        return anterior, False
    return pedido, True


def _gravar(pedido: Pedido, itens: list[Item]) -> None:
    """Grava o pedido. Levanta Indisponivel, e nada fica, se já não há números que se enviem."""
    with transacao():
        inserir(pedido)
        if pedido.pk > PEDIDO_MAXIMO:
            raise Indisponivel("Acabaram os números de pedido: este não teria como ser enviado.")
        pedido.comprados = [ItemPedido(pedido_id=pedido.pk, **vars(item)) for item in itens]
        inserir(*pedido.comprados)
        registrar("criar_pedido", pedido_id=pedido.pk, resultado=pedido.status)


def _total_aceito(novo: NovoPedido, cliente: Cliente, itens: list[Item]) -> Decimal:
    """O total (reais) de uma ordem que todos os passos aceitam.

    Levanta EntradaInvalida, com o campo que o cliente mandou, se um deles a recusaria.
    """
    total = sum((item.preco_unitario * item.quantidade for item in itens), Decimal(0))
    quem = mensagens.Cliente(cliente.pk, cliente.nome, cliente.email)
    try:
        Ordem(1, quem, novo.metodo, novo.token_cartao, total, tuple(itens))
    except EntradaInvalida as erro:
        raise EntradaInvalida(dict(map(_do_corpo, erro.erros.items()))) from erro
    return total


def _do_corpo(erro: tuple[str, list[str]]) -> tuple[str, list[str]]:
    """Um erro da ordem, no campo do corpo de que ele vem."""
    campo, textos = erro
    if campo == "valor_total":
        return "itens", [f"O total do pedido passa de {VALOR_MAXIMO}."]
    if campo.startswith("cliente."):
        return "cliente_id", [f"O cadastro deste cliente não serve ({campo}): {' '.join(textos)}"]
    item, _, campo = campo.partition(".")
    return f"{item}.produto_id", [f"O catálogo não serve ({campo}): {' '.join(textos)}"]


def _com_precos(novo: NovoPedido, catalogo: Catalogo) -> list[Item]:
    precos = catalogo.precos([produto_id for produto_id, _ in novo.itens])
    faltam = [produto_id for produto_id, _ in novo.itens if produto_id not in precos]
    if faltam:
        raise Recusado(f"O produto {faltam[0]} não existe.", codigo="produto_inexistente")
    return [
        Item(produto_id, precos[produto_id].nome, quantidade, precos[produto_id].preco)
        for produto_id, quantidade in novo.itens
    ]
