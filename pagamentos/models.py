from __future__ import annotations

from django.db import models
from django.db.models import Q

from ecommerce.dinheiro import DinheiroField
from ecommerce.mensagens import LinhaPagamento
from pagamentos.dominio import Status


class Pagamento(models.Model):
    """A decisão sobre um pedido. Sem valor nem método é a lápide de um pedido nunca visto."""

    pedido_id = models.BigIntegerField("pedido", primary_key=True)
    status = models.CharField(max_length=10, choices=[(s.value, s.value) for s in Status])
    metodo = models.CharField("método", max_length=20, null=True)
    valor = DinheiroField("valor (R$)", null=True)
    data_processamento = models.DateTimeField("processado em", null=True, db_index=True)
    motivo = models.CharField("motivo do estorno", max_length=30, null=True)
    impressao = models.CharField("impressão digital da ordem", max_length=64, null=True)

    class Meta:
        ordering = ["-pedido_id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=[s.value for s in Status]), name="pagamento_status_conhecido"
            ),
            models.CheckConstraint(
                condition=Q(status="estornado")
                | Q(
                    valor__gt=0,
                    valor__isnull=False,  # sem isto o nulo passa: para um CHECK, não saber é sim
                    metodo__isnull=False,
                    data_processamento__isnull=False,
                ),
                name="pagamento_so_lapide_sem_valor",
            ),
        ]

    def __str__(self) -> str:
        return f"Pagamento do pedido {self.pedido_id}"

    @property
    def linha(self) -> LinhaPagamento:
        return LinhaPagamento(
            self.pedido_id, self.status, self.metodo, self.valor, self.data_processamento
        )
