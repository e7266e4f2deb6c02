from logistica.views import EnvioViewSet

recursos = {"envios": EnvioViewSet}
