from django.apps import AppConfig


class AdministracaoConfig(AppConfig):
    name = "ecommerce.administracao"
    verbose_name = "Administração"
