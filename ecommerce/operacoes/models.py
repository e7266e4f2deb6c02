from __future__ import annotations

from django.db import models
from django.utils import timezone


class Operacao(models.Model):
    """Um efeito deste serviço, gravado na mesma transação que o produziu."""

    pedido_id = models.BigIntegerField("pedido", null=True, db_index=True)
    operacao = models.CharField("operação", max_length=40)
    resultado = models.CharField(max_length=40)
    transporte = models.CharField(max_length=8)
    duracao_ms = models.FloatField("duração (ms)")
    trace_id = models.CharField("rastro", max_length=32)
    criado_em = models.DateTimeField("quando", default=timezone.now, db_index=True)

    class Meta:
        verbose_name = "operação"
        verbose_name_plural = "operações"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.operacao} → {self.resultado} (pedido {self.pedido_id})"
