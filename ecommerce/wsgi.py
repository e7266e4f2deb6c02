"""A aplicação WSGI do serviço que DJANGO_SETTINGS_MODULE escolhe."""

from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from ecommerce.transporte.rest.http.corpo import com_tamanho
from ecommerce.transporte.rest.http.proxy import ouvir_proxies
from ecommerce.transporte.rest.rapido.excesso import recusar_excesso
from ecommerce.transporte.rest.rapido.programas import separar_programas

_django = get_wsgi_application()
application = ouvir_proxies(
    recusar_excesso(com_tamanho(separar_programas(_django))), settings.PROXIES_CONFIAVEIS
)
import_module(settings.ROOT_URLCONF)  # senão o primeiro pedido pagaria por todas as importações
