from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from ecommerce.mensagens import ItemSeparado, LinhaSeparacao
from estoque.dominio import SALDO_MAXIMO, Status


class Saldo(models.Model):
    """As peças de um produto: tudo que entrou está disponível ou separado."""

    produto_id = models.BigIntegerField("produto", primary_key=True)
    disponivel = models.PositiveIntegerField("disponível", default=0)
    separado = models.PositiveIntegerField(default=0)
    entradas = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-produto_id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(entradas=F("disponivel") + F("separado")), name="saldo_fecha"
            ),
            models.CheckConstraint(
                condition=Q(entradas__lte=SALDO_MAXIMO), name="saldo_cabe_na_mensagem"
            ),
        ]

    def __str__(self) -> str:
        return f"Produto {self.produto_id}"


class EntradaComChave(models.Model):
    """O que se respondeu a uma entrada com Idempotency-Key, para responder o mesmo se repetida."""

    chave = models.CharField(max_length=255, primary_key=True)
    produto_id = models.BigIntegerField("produto")
    quantidade = models.PositiveIntegerField()
    disponivel = models.PositiveIntegerField("disponível")
    separado = models.PositiveIntegerField()
    entradas = models.PositiveIntegerField()
    criada_em = models.DateTimeField("criada em", default=timezone.now, db_index=True)

    class Meta:
        verbose_name = "entrada com chave"
        verbose_name_plural = "entradas com chave"

    def __str__(self) -> str:
        return f"{self.quantidade} × produto {self.produto_id}"


class Separacao(models.Model):
    """A decisão sobre um pedido. Liberada e sem itens é a lápide de um pedido nunca visto."""

    pedido_id = models.BigIntegerField("pedido", primary_key=True)
    status = models.CharField(max_length=10, choices=[(s.value, s.value) for s in Status])
    criada_em = models.DateTimeField("criada em", default=timezone.now, db_index=True)
    motivo = models.CharField("motivo da liberação", max_length=30, null=True)
    impressao = models.CharField("impressão digital da ordem", max_length=64, null=True)

    class Meta:
        verbose_name = "separação"
        verbose_name_plural = "separações"
        ordering = ["-pedido_id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=[s.value for s in Status]), name="separacao_status_conhecido"
            )
        ]

    def __str__(self) -> str:
        return f"Separação do pedido {self.pedido_id}"

    @property
    def linha(self) -> LinhaSeparacao:
        gravados = () if self._state.adding else self.itens.all()
        itens = tuple(ItemSeparado(i.produto_id, i.quantidade) for i in gravados)
        return LinhaSeparacao(self.pedido_id, self.status, itens)


class ItemSeparacao(models.Model):
    """Quantas peças de um produto o pedido pediu."""

    separacao = models.ForeignKey(Separacao, models.CASCADE, related_name="itens", db_index=False)
    produto_id = models.BigIntegerField("produto")
    quantidade = models.PositiveIntegerField()

    class Meta:
        verbose_name = "item"
        verbose_name_plural = "itens"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["separacao", "produto_id"], name="separacao_item_unico"
            ),
            models.CheckConstraint(condition=Q(quantidade__gte=1), name="separacao_item_positivo"),
        ]

    def __str__(self) -> str:
        return f"{self.quantidade} × produto {self.produto_id}"
