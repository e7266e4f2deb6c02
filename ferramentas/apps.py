from django.apps import AppConfig


class FerramentasConfig(AppConfig):
    name = "ferramentas"
    verbose_name = "Ferramentas"
