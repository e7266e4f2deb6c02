from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from ecommerce.dinheiro import DinheiroField
from pagamentos.operadora.dominio import Status, Tipo


class Lancamento(models.Model):
    """Uma linha do caderno da operadora, que nunca muda: o número do pedido é a chave de quem pede.

    `impressao` é a da ordem cobrada. Uma cobrança rejeitada sem valor é a marca de um estorno que
    chegou antes dela. A resposta fica pronta `espera_ms` depois de `criado_em`.
    """

    pedido_id = models.BigIntegerField("pedido")
    tipo = models.CharField(max_length=8, choices=[(t.value, t.value) for t in Tipo])
    status = models.CharField(max_length=9, choices=[(s.value, s.value) for s in Status])
    valor = DinheiroField("valor (R$)", null=True)
    impressao = models.CharField("impressão digital da ordem", max_length=64, null=True)
    criado_em = models.DateTimeField("quando", default=timezone.now)
    espera_ms = models.PositiveIntegerField("espera (ms)", default=0)

    class Meta:
        verbose_name = "lançamento"
        verbose_name_plural = "lançamentos"
        ordering = ["-pedido_id", "-tipo"]
        constraints = [
            models.UniqueConstraint(fields=["pedido_id", "tipo"], name="lancamento_um_de_cada"),
            models.CheckConstraint(
                condition=Q(tipo="cobranca", status__in=[s.value for s in Status])
                | Q(tipo="estorno", status="aprovado"),
                name="lancamento_conhecido",
            ),
            models.CheckConstraint(
                condition=Q(status="rejeitado") | Q(valor__gt=0, valor__isnull=False),
                name="lancamento_so_rejeitado_sem_valor",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tipo} do pedido {self.pedido_id}"
