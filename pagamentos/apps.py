from django.apps import AppConfig


class PagamentosConfig(AppConfig):
    name = "pagamentos"
    verbose_name = "Pagamentos"
