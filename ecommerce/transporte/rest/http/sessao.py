"""Uma sessão HTTP com os nossos serviços, para quem os olha de fora da cadeia."""

from __future__ import annotations

import requests

from ecommerce.ambiente import CA_CERTIFICADOS


def abrir_sessao(chave: str) -> requests.Session:
    """Uma sessão direta, com a chave: o proxy que o ambiente nomeie é para sair da rede.

    Numa URL https:// valem as autoridades de CA_CERTIFICADOS, ou as públicas.
    """
    http = requests.Session()
    http.trust_env = False
    http.verify = CA_CERTIFICADOS.ler() or True
    http.headers["Authorization"] = f"Bearer {chave}"
    return http
