from django.apps import AppConfig


class OperacoesConfig(AppConfig):
    name = "ecommerce.operacoes"
    verbose_name = "Registro de operações"
