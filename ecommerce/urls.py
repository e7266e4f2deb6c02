"""Os endereços de um serviço: os seus, e os que todos têm."""

from importlib import import_module

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView
from rest_framework.routers import DefaultRouter

from ecommerce.operacoes.views import OperacaoViewSet
from ecommerce.transporte.rest import erros
from ecommerce.transporte.rest.api.views import Inicio, Prontidao, Saude

admin.autodiscover()

rotas = DefaultRouter(trailing_slash=False, use_regex_path=False)
rotas.include_format_suffixes = False
rotas.APIRootView = Inicio
for prefixo, viewset in import_module(f"{settings.SERVICO}.urls").recursos.items():
    rotas.register(prefixo, viewset, basename=prefixo)
rotas.register("operacoes", OperacaoViewSet)

urlpatterns = [
    path("", include(rotas.urls)),
    path("saude", Saude.as_view()),
    path("prontidao", Prontidao.as_view()),
    path("api/esquema", SpectacularAPIView.as_view(), name="esquema"),
    path("api/docs", SpectacularSwaggerView.as_view(url_name="esquema")),
    path("admin/", admin.site.urls),
]
handler400 = erros.requisicao_invalida
handler403 = erros.sem_permissao
handler404 = erros.nao_encontrado
handler500 = erros.erro_interno
