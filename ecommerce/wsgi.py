"""A aplicação WSGI do serviço que DJANGO_SETTINGS_MODULE escolhe."""

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
