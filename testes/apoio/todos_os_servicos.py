"""Settings com os seis serviços juntos, só para que o mypy conheça os modelos de todos."""

import os

from ecommerce.servicos import SERVICOS

# para o mypy rodar também no editor e antes do commit, onde não há .env nem o ambiente do testar.sh
for _chave in ("SECRET_KEY", "CHAVE_LOJA", "CHAVE_INTERNA"):
    os.environ.setdefault(_chave, _chave)

from ecommerce.settings.base import *  # noqa: E402, F403
from ecommerce.settings.base import configurar  # noqa: E402

_pedidos = configurar("pedidos")
globals().update(_pedidos)
# ditas por extenso, para que o mypy as veja
SERVICO = "pedidos"
NOME_DO_SERVICO = "Pedidos"
UNFOLD = _pedidos["UNFOLD"]
INSTALLED_APPS = [*_pedidos["INSTALLED_APPS"], *list(SERVICOS)[1:], "pagamentos.operadora"]
