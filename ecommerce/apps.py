from django.apps import AppConfig
from django.conf import settings

from ecommerce import logs


class EcommerceConfig(AppConfig):
    name = "ecommerce"

    def ready(self) -> None:
        logs.configurar(settings.SERVICO)
