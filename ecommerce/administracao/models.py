from __future__ import annotations

from django.db import models
from django.utils import timezone


class SenhaErrada(models.Model):
    """Uma senha que não era, de quem e de onde; só resumos, que não dizem quem nem onde."""

    usuario = models.CharField("usuário", max_length=40)
    origem = models.CharField(max_length=40)
    em = models.DateTimeField("quando", default=timezone.now)

    class Meta:
        verbose_name = "senha errada"
        verbose_name_plural = "senhas erradas"
        default_permissions = ()

    def __str__(self) -> str:
        return f"senha errada em {self.em}"
