"""De um gráfico de chamas do py-spy, quanto coube a cada camada do serviço."""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

OUTROS = "outros"
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
            "ecommerce/transporte/*/mensagens.py", "ecommerce/transporte/rest/leitor.py",
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
            "ecommerce/transporte/rest/campos.py", "*/serializers.py",
        ],
    ),
    "autenticação": (
        "#7d5ba6",
        [
            "rest_framework/authentication.py", "rest_framework/permissions.py",
            "django/contrib/auth/*", "django/contrib/sessions/*", "hmac.py",
            "ecommerce/transporte/rest/autenticacao.py", "ecommerce/transporte/chaves.py",
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
            "django/db/*", "sqlite3/*", "psycopg*/*", "ecommerce/banco.py",
            "ecommerce/operacoes/registro.py", "*/models.py",
        ],
    ),
    "servidor": ("#4a7fb5", ["gunicorn*/*", "concurrent/futures/*", "grpc/*"]),
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
# um retângulo do gráfico: `função (arquivo:linha) (N samples, P%)`, profundidade, cor e extensão
_QUADRO = re.compile(
    r"<title>(?P<nome>[^<]+) \([\d,]+ samples, [\d.]+%\)</title>"
    r'<rect x="[^"]+" y="(?P<y>\d+)" width="[^"]+" height="\d+" fill="(?P<cor>[^"]+)"'
    r' fg:x="(?P<x>\d+)" fg:w="(?P<w>\d+)"/>'
)
_ARQUIVO = re.compile(r"\((?P<arquivo>[^()]+?)(:\d+)?\)$")


@dataclass
class _Nivel:
    """Os quadros de uma profundidade, da esquerda para a direita: onde começam e de quem são."""

    comecos: list[int] = field(default_factory=list)
    camadas: list[str] = field(default_factory=list)

    def em(self, x: int) -> str:
        posicao = bisect_right(self.comecos, x)
        return self.camadas[posicao - 1] if posicao else OUTROS


def camada_do_arquivo(arquivo: str) -> str | None:
    """A camada que reconhece o arquivo, como o py-spy o escreve; None se nenhuma."""
    for camada, (_, arquivos) in CAMADAS.items():
        if any(fnmatchcase(arquivo, padrao) for padrao in arquivos):
            return camada
    return None


def repartir(grafico: str) -> tuple[Counter[str], str]:
    """As amostras de cada camada, e o gráfico com a cor da camada em cada quadro.

    `grafico` é o SVG do `py-spy record`, cuja soma das camadas é o total de amostras.
    """
    amostras: Counter[str] = Counter()
    niveis: dict[int, _Nivel] = defaultdict(_Nivel)
    cores: dict[int, str] = {}
    for quadro in sorted(_QUADRO.finditer(grafico), key=_posicao):
        y, x = _posicao(quadro)
        largura = int(quadro["w"])
        de_fora = niveis[y - 16].em(x) if y - 16 in niveis else OUTROS
        achado = _ARQUIVO.search(html.unescape(quadro["nome"]))
        camada = (camada_do_arquivo(achado["arquivo"]) if achado else None) or de_fora
        niveis[y].comecos.append(x)
        niveis[y].camadas.append(camada)
        amostras[camada] += largura
        if y - 16 in niveis:  # o que é do quadro de dentro não é do de fora
            amostras[de_fora] -= largura
        cores[quadro.start()] = CAMADAS[camada][0] if camada in CAMADAS else "#dddddd"
    return amostras, _QUADRO.sub(lambda q: _pintar(q, cores[q.start()]), grafico)


def _posicao(quadro: re.Match[str]) -> tuple[int, int]:
    return int(quadro["y"]), int(quadro["x"])


def _pintar(quadro: re.Match[str], cor: str) -> str:
    return quadro[0].replace(f'fill="{quadro["cor"]}"', f'fill="{cor}"')
