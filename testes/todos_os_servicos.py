"""Settings com os seis serviços juntos, só para que o mypy conheça os modelos de todos."""

from ecommerce.servicos import SERVICOS
from ecommerce.settings.base import *  # noqa: F403
from ecommerce.settings.base import configurar

globals().update(configurar("pedidos"))
SERVICO = "pedidos"
INSTALLED_APPS = [*configurar("pedidos")["INSTALLED_APPS"], *list(SERVICOS)[1:]]
