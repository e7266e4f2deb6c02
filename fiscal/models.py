from __future__ import annotations

from django.db import models
from django.db.models import Q

from ecommerce.dinheiro import DinheiroField
from ecommerce.mensagens import LinhaNota
from fiscal.dominio import Status


class Nota(models.Model):
    """A nota de um pedido. Cancelada e sem número é a lápide de um pedido nunca visto."""

    pedido_id = models.BigIntegerField("pedido", primary_key=True)
    numero = models.BigIntegerField("número", null=True)
    serie = models.PositiveSmallIntegerField("série", null=True)
    chave_acesso = models.CharField("chave de acesso", max_length=44, null=True, unique=True)
    valor = DinheiroField("valor (R$)", null=True)
    status = models.CharField(max_length=10, choices=[(s.value, s.value) for s in Status])
    data_emissao = models.DateTimeField("emitida em", null=True, db_index=True)
    motivo = models.CharField("motivo do cancelamento", max_length=30, null=True)
    impressao = models.CharField("impressão digital da ordem", max_length=64, null=True)

    class Meta:
        verbose_name = "nota fiscal"
        verbose_name_plural = "notas fiscais"
        ordering = ["-pedido_id"]
        constraints = [
            models.UniqueConstraint(fields=["numero", "serie"], name="nota_numero_unico"),
            models.CheckConstraint(
                condition=Q(status__in=[s.value for s in Status]), name="nota_status_conhecido"
            ),
            models.CheckConstraint(
                condition=Q(status="cancelada")
                | Q(
                    numero__gt=0,
                    valor__gt=0,
                    numero__isnull=False,  # sem isto o nulo passa: para um CHECK, não saber é sim
                    valor__isnull=False,
                    chave_acesso__isnull=False,
                    data_emissao__isnull=False,
                ),
                name="nota_so_lapide_sem_numero",
            ),
        ]

    def __str__(self) -> str:
        return f"Nota do pedido {self.pedido_id}"

    @property
    def linha(self) -> LinhaNota:
        return LinhaNota(
            self.pedido_id,
            None if self.numero is None else str(self.numero),
            self.serie,
            self.chave_acesso,
            self.valor,
            self.status,
            self.data_emissao,
        )


class Numeracao(models.Model):
    """O último número de cada série; anda na transação da nota e por isso não deixa buracos."""

    serie = models.PositiveSmallIntegerField("série", primary_key=True)
    ultimo = models.BigIntegerField("último número", default=0)

    class Meta:
        verbose_name = "numeração"
        verbose_name_plural = "numerações"

    def __str__(self) -> str:
        return f"Série {self.serie}: {self.ultimo}"
