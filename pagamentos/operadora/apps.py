from django.apps import AppConfig


class OperadoraConfig(AppConfig):
    name = "pagamentos.operadora"
    verbose_name = "Operadora de pagamentos (simulada)"
