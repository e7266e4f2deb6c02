"""Como o gunicorn serve um serviço por REST: um processo, algumas threads, conexões abertas.

Um processo só: o SQLite tem um escritor por vez, e a trava de escrita
(`ecommerce/banco/transacao.py`) é do processo. Nada de banco é aberto antes do fork.
"""

import gc
import math
import os
from typing import Any

from ecommerce import ambiente
from ecommerce.servicos import SERVICOS

ambiente.carregar_ou_sair(SERVICOS)
_servico = SERVICOS[os.environ["DJANGO_SETTINGS_MODULE"].rpartition(".")[2]]
_prazo_s = math.ceil(ambiente.PRAZO_CHECKOUT_MS.ler() / 1000)

bind = f"{_servico.endereco}:{_servico.porta_rest}"
proc_name = f"{_servico.nome}-rest"
workers = 1
worker_class = "ecommerce.transporte.rest.http.trabalhador.Trabalhador"
threads = _servico.threads
keepalive = 75  # mais que o tempo ocioso do pool de quem chama
timeout = 60
graceful_timeout = _prazo_s + 2
control_socket_disable = True
forwarded_allow_ips = ""  # por si, ele ouviria qualquer um desta máquina; quem ouve é http/proxy.py
accesslog = None  # cada pedido já tem sua linha JSON
loglevel = "warning"

# carregar o Django é criar objetos que ficam: procurar lixo entre eles só atrasa o começo, e
# depois disso eles não voltam a ser examinados
gc.disable()


def pre_request(_worker: object, requisicao: Any) -> None:
    """Uma Idempotency-Key é um valor só (rascunho da IETF): de duas fica a vazia, que é recusada.

    O gunicorn as juntaria com vírgula, e o resultado pareceria uma chave.
    """
    chave = "IDEMPOTENCY-KEY"
    if sum(nome == chave for nome, _ in requisicao.headers) > 1:
        outras = [par for par in requisicao.headers if par[0] != chave]
        requisicao.headers = [*outras, (chave, "")]


def post_worker_init(_worker: object) -> None:
    gc.freeze()
    gc.enable()
