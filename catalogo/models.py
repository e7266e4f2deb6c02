from __future__ import annotations

from django.db import models
from django.db.models import Q

from ecommerce.dinheiro import DinheiroField


class Produto(models.Model):
    """Um produto à venda e o último saldo visto no estoque."""

    nome = models.CharField(max_length=120)
    preco = DinheiroField("preço (R$)")
    estoque = models.PositiveIntegerField("estoque visto", default=0, editable=False)
    estoque_em = models.DateTimeField("visto em", null=True, editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(preco__gt=0), name="produto_preco_positivo")
        ]

    def __str__(self) -> str:
        return self.nome
