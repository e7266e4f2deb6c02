"""Um nginx de verdade diante de um sistema: docs/nginx.conf e o que diz docs/producao.md."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

from ecommerce.servicos import SERVICOS
from laboratorio.sistema.processos import RAIZ, esperar, porta_livre
from testes.apoio.certificado import Certificado, emitir, programa

HOST = "loja.example.com"
PORTAS_PUBLICAS = (443, 8444, 8445, 8446, 8447, 8448)  # na ordem dos serviços
# o que é da instalação, e não do site: o resto do nginx.conf do Debian
PRINCIPAL = """
daemon off;
user root;
pid {pasta}/nginx.pid;
error_log {pasta}/erros.log;
events {{}}
http {{
    access_log {pasta}/acessos.log;
    client_body_temp_path {pasta}/corpos;
    proxy_temp_path {pasta}/respostas;
    fastcgi_temp_path {pasta}/f;
    uwsgi_temp_path {pasta}/u;
    scgi_temp_path {pasta}/s;
    include {pasta}/checkout.conf;
}}
"""


@dataclass
class Nginx:
    """O nginx escuta no loopback, em `base` + *i* pelo serviço *i* e na porta seguinte por HTTP."""

    pasta: Path
    base: int
    base_dos_servicos: int

    @property
    def certificado(self) -> Certificado:
        nomes = ("autoridade", "certificado", "chave")
        return Certificado(*(self.pasta / f"{nome}.pem" for nome in nomes))

    def url(self, servico: str) -> str:
        return f"https://{HOST}:{self.base + SERVICOS[servico].posicao}"

    @property
    def url_sem_tls(self) -> str:
        return f"http://{HOST}:{self.base + len(SERVICOS)}"

    @property
    def acessos(self) -> str:
        return (self.pasta / "acessos.log").read_text(encoding="utf-8")

    def daqui(self, texto: str) -> str:
        """O texto da documentação com as portas e a pasta deste nginx."""
        padrao = rf"(https://(?:{re.escape(HOST)}|\$host))(?![:\w])"
        texto = re.sub(padrao, r"\1:443", texto).replace("/etc/ssl/loja", str(self.pasta))
        portas = dict(zip(PORTAS_PUBLICAS, range(self.base, self.base + 6), strict=True))
        portas[80] = self.base + len(SERVICOS)
        portas |= {8000 + i: self.base_dos_servicos + i for i in range(len(SERVICOS))}
        algum = "|".join(map(str, portas))
        return re.sub(rf"\b({algum})\b", lambda achada: str(portas[int(achada[1])]), texto)

    def variaveis(self, onde: str) -> dict[str, str]:
        """As variáveis do bloco de docs/producao.md que começa com `onde`."""
        return dict(linha.split("=", 1) for linha in self.bloco(onde).splitlines())

    def bloco(self, onde: str) -> str:
        texto = (RAIZ / "docs" / "producao.md").read_text(encoding="utf-8")
        achado = re.search(rf"^```sh\n({re.escape(onde)}.+?)^```$", texto, re.M | re.S)
        assert achado, onde
        return self.daqui(achado[1])

    def iniciar(self) -> subprocess.Popen[bytes]:
        """Espera que atenda; quem chama o encerra."""
        site = self.daqui((RAIZ / "docs" / "nginx.conf").read_text(encoding="utf-8"))
        site = site.replace("listen ", "listen 127.0.0.1:")
        (self.pasta / "checkout.conf").write_text(site, encoding="utf-8")
        principal = self.pasta / "nginx.conf"
        principal.write_text(PRINCIPAL.format(pasta=self.pasta), encoding="utf-8")
        processo = subprocess.Popen([programa("nginx"), "-p", self.pasta, "-c", principal])
        esperar(lambda: not porta_livre(self.base), 10, f"o nginx escutar ({self.pasta})")
        return processo


def preparar_nginx(pasta: Path, base: int, base_dos_servicos: int) -> Nginx:
    emitir(pasta, f"DNS:{HOST}", "DNS:localhost")
    return Nginx(pasta, base, base_dos_servicos)


class _DeFora(HTTPAdapter):
    """Acha o host sem o DNS, e sai do endereço dado: no loopback todo 127.0.0.x é uma máquina."""

    def __init__(self, origem: str, **do_tls: str) -> None:
        self.do_pool: dict[str, Any] = {"source_address": (origem, 0), **do_tls}
        super().__init__()

    def init_poolmanager(self, *args: Any, **opcoes: Any) -> None:
        super().init_poolmanager(*args, **opcoes | self.do_pool)

    def send(self, request: Any, *args: Any, **opcoes: Any) -> requests.Response:
        request.headers.setdefault("Host", urlsplit(request.url).netloc)
        request.url = request.url.replace(HOST, "127.0.0.1", 1)
        return super().send(request, *args, **opcoes)


def de_fora(nginx: Nginx, origem: str = "127.0.0.2", chave: str = "") -> requests.Session:
    """Uma sessão de outra máquina, que confia na autoridade do teste."""
    http = requests.Session()
    http.trust_env = False
    http.verify = str(nginx.certificado.autoridade)
    http.mount("http://", _DeFora(origem))
    http.mount("https://", _DeFora(origem, server_hostname=HOST))
    if chave:
        http.headers["Authorization"] = f"Bearer {chave}"
    return http
