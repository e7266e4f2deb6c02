"""As camadas de um serviço e os arquivos que fazem cada uma."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from functools import cache

from laboratorio.sistema.processos import RAIZ

OUTROS = "outros"
COR_DOS_OUTROS = "#dddddd"
# camada -> cor no gráfico e arquivos que a fazem; vale a primeira que reconhece o arquivo, e num
# empilhamento decide o quadro mais interno que alguma reconhece (a biblioteca padrão não diz nada:
# é de quem a chama). O que é C (orjson, sqlite3, upb) conta para o quadro Python que o chamou
CAMADAS = {
    "log": ("#8c6d46", ["logging/*", "ecommerce/logs.py"]),
    "serialização": (
        "#d9a92b",
        [
            "json/*", "google/*", "rest_framework/renderers.py", "rest_framework/parsers.py",
            "rest_framework/utils/encoders.py", "rest_framework/utils/json.py",
            "ecommerce/transporte/*/mensagens.py", "ecommerce/transporte/rest/api/leitor.py",
            "*_pb2.py",
        ],
    ),
    "validação": (
        "#b5577c",
        [
            "rest_framework/serializers.py", "rest_framework/fields.py",
            "rest_framework/relations.py", "rest_framework/validators.py",
            "rest_framework/utils/serializer_helpers.py", "rest_framework/utils/html.py",
            "rest_framework/utils/field_mapping.py", "rest_framework/utils/model_meta.py",
            "django/core/validators.py", "django/utils/dateparse.py",
            "ecommerce/transporte/rest/api/campos.py", "*/serializers.py",
        ],
    ),
    "autenticação": (
        "#7d5ba6",
        [
            "rest_framework/authentication.py", "rest_framework/permissions.py",
            "django/contrib/auth/*", "django/contrib/sessions/*", "hmac.py",
            "ecommerce/transporte/rest/acesso.py", "ecommerce/transporte/chaves.py",
        ],
    ),
    "cliente": (
        "#c0562f",
        [
            "requests/*", "urllib3/*", "http/*", "email/*", "grpc/_channel.py",
            "ecommerce/transporte/*/cliente.py", "ecommerce/transporte/disjuntor.py",
        ],
    ),
    "banco de dados": (
        "#3f8f5b",
        [
            "django/db/*", "sqlite3/*", "psycopg*/*", "ecommerce/banco/transacao.py",
            "ecommerce/operacoes/registro.py", "ecommerce/banco/sql.py", "*/models.py",
        ],
    ),
    "servidor": (
        "#4a7fb5",
        [
            "gunicorn*/*", "concurrent/futures/*", "grpc/*",
            "ecommerce/transporte/rest/http/trabalhador.py",
        ],
    ),
    "framework": (
        "#6fb3c8",
        [
            "django/*", "rest_framework/*", "whitenoise/*", "asgiref/*", "ecommerce/transporte/*",
            "ecommerce/contexto.py", "ecommerce/management/*", "*/servicer.py", "*/views.py",
        ],
    ),
    "casos de uso": (
        "#9a9a9a",
        [f"{s}/*" for s in ("ecommerce", "pedidos", "pagamentos", "estoque", "fiscal")]
        + ["logistica/*", "catalogo/*"],
    ),
}  # fmt: skip
_INSTALADO_EM = re.compile(r".*/(?:site-packages|python3\.\d+)/")


def arquivo_curto(caminho: str) -> str:
    """`django/db/models/query.py`, `json/decoder.py`, `pagamentos/views.py`."""
    return _INSTALADO_EM.sub("", caminho.removeprefix(f"{RAIZ}/"))


@cache
def camada_do_arquivo(arquivo: str) -> str | None:
    """A camada que reconhece o arquivo, em sua forma curta; None se nenhuma."""
    for camada, (_, arquivos) in CAMADAS.items():
        if any(fnmatchcase(arquivo, padrao) for padrao in arquivos):
            return camada
    return None


def cor_da_camada(camada: str) -> str:
    return CAMADAS[camada][0] if camada in CAMADAS else COR_DOS_OUTROS
