"""Settings com os seis serviços juntos, só para que o mypy conheça os modelos de todos."""

from ecommerce.servicos import SERVICOS
from ecommerce.settings.base import *  # noqa: F403
from ecommerce.settings.base import configurar

_pedidos = configurar("pedidos")
globals().update(_pedidos)
# ditas por extenso, para que o mypy as veja
SERVICO = "pedidos"
NOME_DO_SERVICO = "Pedidos"
UNFOLD = _pedidos["UNFOLD"]
INSTALLED_APPS = [*_pedidos["INSTALLED_APPS"], *list(SERVICOS)[1:]]
