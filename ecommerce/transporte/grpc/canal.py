"""Como se abre um canal gRPC para um processo deste sistema."""

from __future__ import annotations

from collections.abc import Iterable

import grpc


def abrir_canal(alvo: str, opcoes: Iterable[tuple[str, object]] = ()) -> grpc.Channel:
    """Um canal direto até `alvo`: o proxy que o ambiente nomeie é para sair da rede, e não isto."""
    return grpc.insecure_channel(alvo, options=[("grpc.enable_http_proxy", 0), *opcoes])
