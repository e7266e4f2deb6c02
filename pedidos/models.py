from __future__ import annotations

from functools import cached_property

from django.db import models
from django.db.models import Q
from django.utils import timezone

from ecommerce import mensagens
from ecommerce.dinheiro import DinheiroField
from ecommerce.mensagens import METODOS, QUANTIDADE_MAXIMA, Ordem
from pedidos.dominio import (
    INACABADOS,
    EnvioDoPedido,
    ItemDoPedido,
    NotaDoPedido,
    PagamentoDoPedido,
    Retrato,
    Status,
)


class Cliente(models.Model):
    """Quem compra. O nome segue o tamanho de `xNome` no leiaute da NF-e 4.00 (2 a 60)."""

    nome = models.CharField(max_length=60)
    email = models.EmailField("e-mail", unique=True, max_length=60)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.nome


class Pedido(models.Model):
    """Um pedido e até onde ele chegou; o que os outros serviços disseram fica copiado aqui."""

    cliente = models.ForeignKey(Cliente, models.PROTECT, related_name="pedidos")
    data_criacao = models.DateTimeField("criado em", default=timezone.now, db_index=True)
    status = models.CharField(
        max_length=20, choices=[(s.value, s.value) for s in Status], default="pendente"
    )
    motivo = models.CharField(max_length=30, null=True)
    valor_total = DinheiroField("valor total (R$)")
    metodo = models.CharField("método", max_length=20, choices=[(m, m) for m in METODOS])
    # guardado só enquanto o pedido não termina, para poder retomá-lo
    token_cartao = models.CharField("token do cartão", max_length=64, null=True)
    transporte = models.CharField("chegou por", max_length=8)

    chave_idempotencia = models.CharField(max_length=255, null=True, unique=True)
    impressao = models.CharField("impressão digital do corpo", max_length=64)
    # enquanto não passa, a requisição que conduz o pedido ainda está em curso
    em_curso_ate = models.DateTimeField(null=True)
    # antes disto ninguém retoma o pedido: ou acabou de ser tentado, ou alguém o está tentando
    retomar_em = models.DateTimeField(null=True)
    # quando se marcou retomar_em: com o relógio atrasado para antes disto, já ninguém espera
    adiado_em = models.DateTimeField(null=True)
    tentativas = models.PositiveIntegerField(db_default=0)
    # segundos gastos em levá-lo ao fim: as tentativas, e as esperas marcadas entre elas
    tentado_s = models.FloatField(db_default=0.0)
    enviado_em = models.DateTimeField(null=True)

    pagamento_status = models.CharField("pagamento", max_length=10, default="pendente")
    nota_numero = models.BigIntegerField("número da nota", null=True)
    nota_chave_acesso = models.CharField("chave de acesso", max_length=44, null=True)
    envio_status = models.CharField("envio", max_length=20, null=True)
    envio_codigo_rastreamento = models.CharField("rastreamento", max_length=13, null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=[s.value for s in Status]), name="pedido_status_conhecido"
            ),
            models.CheckConstraint(condition=Q(valor_total__gt=0), name="pedido_valor_positivo"),
            models.CheckConstraint(
                condition=Q(motivo__isnull=False) | ~Q(status__in=["cancelando", "cancelado"]),
                name="pedido_cancelado_tem_motivo",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "-id"], name="pedido_por_status"),
            # um período e uma situação no admin, com um milhão: 99 ms de consulta viram 0,1; custa
            # uns 7 us de CPU a cada checkout
            models.Index(fields=["status", "data_criacao"], name="pedido_por_status_e_data"),
        ]

    def __str__(self) -> str:
        return f"Pedido {self.pk}"

    @cached_property
    def comprados(self) -> list[ItemPedido]:
        """Os itens, lidos uma vez só; quem acaba de gravá-los os põe aqui."""
        return list(self.itens.all())

    @property
    def em_curso(self) -> bool:
        """Se a requisição que conduz o pedido ainda pode estar rodando."""
        if self.status not in INACABADOS or self.em_curso_ate is None:
            return False
        # antes da criação é um relógio que se atrasou, e que não segura a chave por isso
        return self.data_criacao <= timezone.now() < self.em_curso_ate

    @property
    def ordem(self) -> Ordem:
        """O pedido como desce a cadeia; igual em toda tentativa."""
        cliente = mensagens.Cliente(self.cliente_id, self.cliente.nome, self.cliente.email)
        return Ordem(
            self.pk, cliente, self.metodo, self.token_cartao, self.valor_total, self._itens_da_ordem
        )

    @property
    def impressao_da_ordem(self) -> str | None:
        """A impressão digital da ordem que desceu; None depois do envio, que prova de quem é tudo.

        Depois do envio já não há o token do cartão, que também entra nela.
        """
        if self.enviado_em:
            return None
        return mensagens.impressao_da_ordem(
            pedido_id=self.pk,
            cliente_id=self.cliente_id,
            metodo=self.metodo,
            token_cartao=self.token_cartao,
            valor_total=self.valor_total,
            itens=self._itens_da_ordem,
        )

    @property
    def _itens_da_ordem(self) -> tuple[mensagens.Item, ...]:
        return tuple(
            mensagens.Item(i.produto_id, i.nome, i.quantidade, i.preco_unitario)
            for i in self.comprados
        )

    @property
    def retrato(self) -> Retrato:
        """O pedido como se mostra a quem pergunta."""
        itens = tuple(
            ItemDoPedido(i.produto_id, i.nome, i.quantidade, i.preco_unitario)
            for i in self.comprados
        )
        nota = NotaDoPedido(str(self.nota_numero), self.nota_chave_acesso or "")
        envio = EnvioDoPedido(self.envio_status or "", self.envio_codigo_rastreamento or "")
        return Retrato(
            id=self.pk,
            cliente_id=self.cliente_id,
            data_criacao=self.data_criacao,
            status=self.status,
            motivo=self.motivo,
            valor_total=self.valor_total,
            metodo=self.metodo,
            itens=itens,
            pagamento=PagamentoDoPedido(self.pagamento_status),
            nota_fiscal=nota if self.nota_numero else None,
            envio=envio if self.envio_codigo_rastreamento else None,
        )


class ItemPedido(models.Model):
    """Um produto do pedido, com o nome e o preço que o catálogo tinha na hora."""

    pedido = models.ForeignKey(Pedido, models.CASCADE, related_name="itens", db_index=False)
    produto_id = models.BigIntegerField("produto")
    nome = models.CharField(max_length=120)
    quantidade = models.PositiveIntegerField()
    preco_unitario = DinheiroField("preço unitário (R$)")

    class Meta:
        verbose_name = "item"
        verbose_name_plural = "itens"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["pedido", "produto_id"], name="item_produto_unico"),
            models.CheckConstraint(
                condition=Q(quantidade__gte=1, quantidade__lte=QUANTIDADE_MAXIMA),
                name="item_quantidade_valida",
            ),
            models.CheckConstraint(condition=Q(preco_unitario__gt=0), name="item_preco_positivo"),
        ]

    def __str__(self) -> str:
        return f"{self.quantidade} × {self.nome}"
