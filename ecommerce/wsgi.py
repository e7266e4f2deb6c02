"""A aplicação WSGI do serviço que DJANGO_SETTINGS_MODULE escolhe."""

from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from ecommerce.transporte.rest.http.corpo import com_tamanho
from ecommerce.transporte.rest.rapido.excesso import recusar_excesso
from ecommerce.transporte.rest.rapido.programas import separar_programas

_django = get_wsgi_application()
application = recusar_excesso(com_tamanho(separar_programas(_django)))
import_module(settings.ROOT_URLCONF)  # senão o primeiro pedido pagaria por todas as importações
