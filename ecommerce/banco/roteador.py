"""Em que banco mora cada modelo: o de uma empresa de fora que o serviço simula, só no dela."""

from __future__ import annotations

from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model

from ecommerce.servicos import SERVICOS

_EXTERNOS = {externo for servico in SERVICOS.values() for externo in servico.externos}


class Roteador:
    """O alias de um modelo é o rótulo da sua aplicação, se ela é externa; senão, o do serviço."""

    def db_for_read(self, model: type[Model], **_: Any) -> str:
        return _alias(model._meta.app_label)

    db_for_write = db_for_read

    def allow_migrate(self, db: str, app_label: str, **_: Any) -> bool:
        return db == _alias(app_label)


def _alias(aplicacao: str) -> str:
    return aplicacao if aplicacao in _EXTERNOS else DEFAULT_DB_ALIAS
