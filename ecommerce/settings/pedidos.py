from .base import *  # noqa: F403
from .base import configurar

globals().update(configurar("pedidos"))
