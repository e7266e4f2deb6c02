"""O que os seis serviços têm em comum. Cada módulo vizinho diz só o nome do serviço."""

from __future__ import annotations

from typing import Any

import dj_database_url
import orjson

from ecommerce import ambiente
from ecommerce.servicos import SERVICOS

ambiente.carregar(SERVICOS)
RAIZ = ambiente.RAIZ
SECRET_KEY = ambiente.SECRET_KEY.ler()
CHAVE_LOJA = ambiente.CHAVE_LOJA.ler()
CHAVE_INTERNA = ambiente.CHAVE_INTERNA.ler()
DADOS_DIR = ambiente.DADOS_DIR.ler()
SIMULACAO = ambiente.SIMULACAO.ler()
PRAZO_CHECKOUT_MS = ambiente.PRAZO_CHECKOUT_MS.ler()
RETOMAR_APOS_S = ambiente.RETOMAR_APOS_S.ler()
RETOMAR_INTERVALO_S = ambiente.RETOMAR_INTERVALO_S.ler()
DESISTIR_APOS_S = ambiente.DESISTIR_APOS_S.ler()
PRODUCAO = ambiente.PRODUCAO.ler()
PROXIES_CONFIAVEIS = ambiente.PROXIES_CONFIAVEIS.ler()
CA_CERTIFICADOS = ambiente.CA_CERTIFICADOS.ler()
QUEDAS_ARMADAS = ambiente.QUEDAS_ARMADAS.ler()

DEBUG = False
# os locais, e todo nome por que alguém daqui procura um serviço
ALLOWED_HOSTS = [
    *("127.0.0.1", "localhost", "[::1]"),
    SERVICOS["pedidos"].endereco,  # o mesmo para os seis
    *(host for servico in SERVICOS.values() for host in servico.hosts),
    *ambiente.ALLOWED_HOSTS.ler(),
]
CSRF_TRUSTED_ORIGINS = ambiente.CSRF_TRUSTED_ORIGINS.ler()

SO_POR_HTTPS = ["ecommerce.transporte.rest.http.proxy.SoPorHttps"] if PRODUCAO else []
ROOT_URLCONF = "ecommerce.urls"
WSGI_APPLICATION = "ecommerce.wsgi.application"
LANGUAGE_CODE = "pt-br"
TIME_ZONE = "America/Sao_Paulo"  # para mostrar a pessoas; bancos e APIs usam UTC
USE_TZ = True
FORMAT_MODULE_PATH = "ecommerce.administracao.formatos"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FIXTURE_DIRS = [RAIZ / "fixtures"]

_PAGINAS = RAIZ / "ecommerce" / "transporte" / "rest" / "paginas"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "ecommerce.administracao.porteiro.Porteiro",
    "ecommerce.transporte.rest.atendimento.Requisicao",
    *SO_POR_HTTPS,
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
# o que serve a um programa com a sua chave: sem sessão, formulários nem arquivos (wsgi.py)
MIDDLEWARE_DE_PROGRAMAS = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "ecommerce.transporte.rest.atendimento.Requisicao",
    *SO_POR_HTTPS,
    "django.middleware.common.CommonMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # antes dos do DRF, que alguns substituem
        "DIRS": [_PAGINAS / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
CSRF_FAILURE_VIEW = "ecommerce.transporte.rest.erros.sem_csrf"
LOGIN_URL = "/admin/login/"
LOGIN_REDIRECT_URL = "/admin/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{nome}"}
    for nome in ("MinimumLengthValidator", "CommonPasswordValidator", "NumericPasswordValidator")
]

STATIC_URL = "/static/"
STATICFILES_DIRS = [_PAGINAS / "static"]
WHITENOISE_USE_FINDERS = True  # servidos direto dos pacotes, sem collectstatic
WHITENOISE_AUTOREFRESH = False

DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True  # as páginas trazem o valor; nenhum script o lê do cookie
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
if PRODUCAO:
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = ambiente.HSTS.ler() != "host"
    SECURE_HSTS_PRELOAD = ambiente.HSTS.ler() == "preload"
    # quem leva ao https é SoPorHttps; e até onde vai o HSTS é de quem tem o domínio
    SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W008", "security.W021"]

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "ecommerce.transporte.rest.acesso.ChaveDeServico",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["ecommerce.transporte.rest.acesso.Acesso"],
    "DEFAULT_THROTTLE_CLASSES": ["ecommerce.transporte.rest.acesso.LimiteDeAnonimos"],
    "DEFAULT_THROTTLE_RATES": {"anon": "600/min"},
    "NUM_PROXIES": 0,
    "DEFAULT_PARSER_CLASSES": [
        "ecommerce.transporte.rest.api.leitor.LeitorJson",
        "ecommerce.transporte.rest.paginas.formularios.LeitorDeFormulario",
        "ecommerce.transporte.rest.paginas.formularios.LeitorMultiparte",
    ],
    "DEFAULT_RENDERER_CLASSES": [
        "drf_orjson_renderer.renderers.ORJSONRenderer",
        "ecommerce.transporte.rest.paginas.formularios.PaginaDaApi",
    ],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "ecommerce.transporte.rest.rapido.negociacao.Negociacao",
    "DEFAULT_PAGINATION_CLASS": "ecommerce.transporte.rest.api.paginacao.PaginaPorCursor",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "ecommerce.transporte.rest.api.esquema.EsquemaComProblemas",
    "ORJSON_RENDERER_OPTIONS": (orjson.OPT_UTC_Z,),
    "VIEW_NAME_FUNCTION": "ecommerce.transporte.rest.paginas.formularios.nome_da_pagina",
    "EXCEPTION_HANDLER": "ecommerce.transporte.rest.erros.tratar",
}


def configurar(servico: str) -> dict[str, Any]:
    """As definições próprias de `servico`: aplicações, bancos, cookies e documentação."""
    externos = SERVICOS[servico].externos
    return {
        "SERVICO": servico,
        "NOME_DO_SERVICO": _nome(servico),
        "INSTALLED_APPS": [
            "unfold",
            "unfold.contrib.filters",
            # sem procurar os admin.py: quem serve gRPC não os mostra (urls.py é que os procura)
            "django.contrib.admin.apps.SimpleAdminConfig",
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
            "django.contrib.staticfiles",
            "rest_framework",
            "django_filters",
            "drf_spectacular",
            "drf_spectacular_sidecar",
            "ecommerce",
            "ecommerce.administracao",
            "ecommerce.operacoes",
            "ferramentas",
            servico,
            *(f"{servico}.{externo}" for externo in externos),
        ],
        "DATABASES": {alias: _banco(nome) for alias, nome in SERVICOS[servico].bancos.items()},
        "DATABASE_ROUTERS": ["ecommerce.banco.roteador.Roteador"] if externos else [],
        # os seis dividem o host: nomes iguais fariam um login derrubar o outro
        "SESSION_COOKIE_NAME": f"sessao_{servico}",
        "CSRF_COOKIE_NAME": f"csrf_{servico}",
        "UNFOLD": _admin(servico),
        "SPECTACULAR_SETTINGS": {
            "TITLE": f"API de {servico}",
            "DESCRIPTION": f"Serviço de {servico} do checkout distribuído.",
            "VERSION": "1.0.0",
            "SERVE_INCLUDE_SCHEMA": False,
            "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
            "SERVE_AUTHENTICATION": [],
            "SWAGGER_UI_DIST": "SIDECAR",
            "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
            "ENFORCE_NON_BLANK_FIELDS": True,
            "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
            "POSTPROCESSING_HOOKS": [],  # cada enumeração fica onde é usada
            "PARSER_WHITELIST": ["ecommerce.transporte.rest.api.leitor.LeitorJson"],
            "RENDERER_WHITELIST": ["drf_orjson_renderer.renderers.ORJSONRenderer"],
        },
    }


def _nome(servico: str) -> str:
    """O nome do serviço para pessoas."""
    return {"catalogo": "catálogo", "logistica": "logística"}.get(servico, servico)


_ICONE = (
    "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 100 100'>"
    "<text y='.9em' font-size='90'>🛒</text></svg>"
)


def _admin(servico: str) -> dict[str, Any]:
    """A aparência do admin, com o caminho para os admins dos outros serviços."""
    outros = [
        {
            "icon": "storefront",
            "title": f"Admin: {_nome(s.nome)}",
            "link": f"{s.url_publica}/admin/",
        }
        for s in SERVICOS.values()
        if s.nome != servico
    ]
    return {
        "SITE_TITLE": f"Checkout · {_nome(servico)}",
        "SITE_HEADER": f"Checkout · {_nome(servico)}",
        "SITE_SYMBOL": "shopping_cart_checkout",
        "SITE_URL": "/",
        "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": _ICONE}],
        "SITE_DROPDOWN": [
            {"icon": "api", "title": "API navegável", "link": "/"},
            {"icon": "description", "title": "Documentação da API", "link": "/api/docs"},
            *outros,
        ],
        "SHOW_VIEW_ON_SITE": False,
    }


def _banco(nome: str) -> dict[str, Any]:
    if url := ambiente.DATABASE_URL.de(nome).ler():
        return dict(dj_database_url.parse(url, conn_max_age=None, conn_health_checks=True))
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DADOS_DIR / f"{nome}.db",
        "CONN_MAX_AGE": None,  # uma conexão nova custa mais que o pedido inteiro
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": min(4.0, PRAZO_CHECKOUT_MS / 1000),  # nunca além do prazo de quem espera
            # FULL: um pedido confirmado sobrevive à queda de energia
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
            ),
        },
    }
