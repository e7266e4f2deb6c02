"""Põe o sistema inteiro no ar: é o que ./iniciar.sh executa quando o ambiente está pronto.

As linhas do Procfile são processos do honcho; começar, recomeçar e parar fica aqui, porque o
Manager dele encerra tudo quando um cai e corta aos 5 s quem ainda atende (docs/adr/0002).
"""

from __future__ import annotations

import argparse
import errno
import os
import signal
import socket
import subprocess
import sys
import time
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import FrameType

from dotenv import load_dotenv

from ecommerce.esquema_do_banco import em_dia
from ecommerce.processos import processos_do_procfile
from ecommerce.segredos import NOMES, escrever_env
from ecommerce.servicos import SERVICOS, Servico

RAIZ = Path(__file__).resolve().parent.parent
ESPERA_PELA_PRONTIDAO_S = 60


class NaoComeca(Exception):
    """O sistema não tem como começar, ou não chegou a ficar pronto."""


def main() -> int:
    opcoes = argparse.ArgumentParser(prog="./iniciar.sh", description=__doc__)
    opcoes.add_argument("--demo", action="store_true", help="faz um pedido quando tudo está pronto")
    demo: bool = opcoes.parse_args().demo
    for sinal in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sinal, _parar)
    if escrever_env(RAIZ / ".env"):
        print("Chaves novas escritas em .env.", flush=True)
    load_dotenv(RAIZ / ".env")  # o que já está no ambiente vence
    try:
        _exigir_chaves()
        _exigir_portas_livres()
        _preparar_bancos()
        with processos_do_procfile(RAIZ / "Procfile"):
            _esperar_prontidao()
            _apresentar(demo)
            while True:
                signal.pause()
    except NaoComeca as erro:
        print(f"erro: {erro}", file=sys.stderr)
        return 1


def _apresentar(demo: bool) -> None:
    """Mostra onde clicar e, se pedido, um checkout; levanta NaoComeca se ele não dá certo."""
    # só aqui: estas bibliotecas atrasariam o começo dos processos
    from ecommerce.demonstracao import (  # noqa: PLC0415
        DemonstracaoFalhou,
        demonstrar,
        mostrar_enderecos,
    )

    mostrar_enderecos()
    if demo:
        try:
            demonstrar()
        except DemonstracaoFalhou as erro:
            raise NaoComeca(str(erro)) from erro


def _parar(_sinal: int, _quadro: FrameType | None) -> None:
    """Só o primeiro sinal conta: os outros não podem interromper a parada em ordem."""
    for sinal in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sinal, signal.SIG_IGN)
    sys.exit(0)


def _exigir_chaves() -> None:
    """Levanta NaoComeca com o nome das que faltam, nunca com o valor de alguma."""
    if faltam := [nome for nome in NOMES if not os.environ.get(nome)]:
        raise NaoComeca(f"falta {', '.join(faltam)}: escreva no .env, ou apague-o para ter outro.")


def _exigir_portas_livres() -> None:
    """Levanta NaoComeca com a primeira porta em que não se pode escutar."""
    if not os.environ.get("PORTA_REST_BASE", "8000").isdecimal():
        raise NaoComeca("PORTA_REST_BASE deve ser um número de porta.")
    for servico in SERVICOS.values():
        endereco, porta = servico.endereco.strip("[]"), servico.porta_rest
        familia = socket.AF_INET6 if ":" in endereco else socket.AF_INET
        with socket.socket(familia, socket.SOCK_STREAM) as tomada:
            tomada.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tomada.bind((endereco, porta))
            except (OSError, OverflowError) as erro:
                ocupada = isinstance(erro, OSError) and erro.errno == errno.EADDRINUSE
                motivo = "já está em uso" if ocupada else f"não serve ({erro})"
                raise NaoComeca(
                    f"a porta {porta}, de {servico.nome}, {motivo}."
                    " Libere-a ou escolha outras com PORTA_REST_BASE."
                ) from erro


def _preparar_bancos() -> None:
    """Migra e semeia, ao mesmo tempo, os bancos que ainda não estão em dia."""
    comandos = {
        servico.nome: subprocess.Popen(  # noqa: S603
            [sys.executable, "manage.py", "preparar", f"--settings={servico.settings}"], cwd=RAIZ
        )
        for servico in SERVICOS.values()
        if not _banco_em_dia(servico)
    }
    if comandos:
        print(f"Preparando os bancos: {', '.join(comandos)}.", flush=True)
    try:
        falhas = [nome for nome, comando in comandos.items() if comando.wait()]
    finally:
        for comando in comandos.values():
            comando.terminate()
    if falhas:
        raise NaoComeca(f"não foi possível preparar o banco de {', '.join(falhas)}.")


def _banco_em_dia(servico: Servico) -> bool:
    if f"{servico.nome.upper()}_DATABASE_URL" in os.environ:
        return False  # só o Django sabe perguntar a outro banco
    return em_dia(Path(os.environ.get("DADOS_DIR", RAIZ / "dados")) / f"{servico.nome}.db")


def _esperar_prontidao() -> None:
    """Levanta NaoComeca se algum serviço não responde `/prontidao` em um minuto."""
    limite = time.monotonic() + ESPERA_PELA_PRONTIDAO_S
    for servico in SERVICOS.values():
        while not _pronto(servico):
            if time.monotonic() > limite:
                raise NaoComeca(f"{servico.nome} não ficou pronto; veja o log dele acima.")
            time.sleep(0.1)


def _pronto(servico: Servico) -> bool:
    """Pergunta à porta local, e não à URL, que pode apontar para outra máquina."""
    conexao = HTTPConnection(servico.endereco.strip("[]"), servico.porta_rest, timeout=2)
    try:
        conexao.request("GET", "/prontidao")
        return conexao.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False
    finally:
        conexao.close()


if __name__ == "__main__":
    sys.exit(main())
