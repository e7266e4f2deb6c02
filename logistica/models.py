from __future__ import annotations

from django.db import models
from django.db.models import Q

from ecommerce.mensagens import LinhaEnvio
from logistica.dominio import Status


class Envio(models.Model):
    """O envio de um pedido. Cancelado e sem código é a lápide de um pedido nunca visto."""

    pedido_id = models.BigIntegerField("pedido", primary_key=True)
    codigo_rastreamento = models.CharField("rastreamento", max_length=13, null=True, unique=True)
    status = models.CharField(max_length=20, choices=[(s.value, s.value) for s in Status])
    data_despacho = models.DateTimeField("despachado em", null=True, db_index=True)
    impressao = models.CharField("impressão digital da ordem", max_length=64, null=True)

    class Meta:
        ordering = ["-pedido_id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=[s.value for s in Status]), name="envio_status_conhecido"
            ),
            models.CheckConstraint(
                condition=Q(status="cancelado")
                | Q(codigo_rastreamento__isnull=False, data_despacho__isnull=False),
                name="envio_so_lapide_sem_codigo",
            ),
        ]

    def __str__(self) -> str:
        return f"Envio do pedido {self.pedido_id}"

    @property
    def linha(self) -> LinhaEnvio:
        return LinhaEnvio(self.pedido_id, self.codigo_rastreamento, self.status, self.data_despacho)
