"""Põe o sistema inteiro no ar: é o que ./iniciar.sh executa quando o ambiente está pronto.

As linhas do Procfile são processos do honcho; começar, recomeçar e parar fica aqui, porque o
Manager dele encerra tudo quando um cai e corta aos 5 s quem ainda atende (docs/adr/0002).
"""

from __future__ import annotations

import argparse
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import NoReturn

from ecommerce import ambiente
from ecommerce.partida.esquema_do_banco import em_dia
from ecommerce.partida.numeracao import aviso_de_atraso
from ecommerce.partida.procfile import processos_do_procfile
from ecommerce.partida.prontidao import (
    atende_grpc,
    atende_rest,
    por_que_nao_escuta,
    por_que_nao_se_alcanca,
)
from ecommerce.partida.segredos import escrever_env
from ecommerce.servicos import SERVICOS, Servico

RAIZ = ambiente.RAIZ
ESPERA_PELA_PRONTIDAO_S = 60
ESPERA_PELO_ALCANCE_S = 10  # o proxy ou a outra máquina podem estar começando também


class NaoComeca(Exception):
    """O sistema não tem como começar, ou não chegou a ficar pronto."""


def main() -> int:
    opcoes = argparse.ArgumentParser(prog="./iniciar.sh", description=__doc__)
    opcoes.add_argument("--demo", action="store_true", help="faz um pedido quando tudo está pronto")
    demo: bool = opcoes.parse_args().demo
    for sinal in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sinal, _parar)
    if escrever_env(RAIZ / ".env"):
        _dizer("Chaves novas escritas em .env.")
    try:
        ambiente.carregar(SERVICOS)
        ambiente.exigir(ambiente.ADMIN_SENHA)
        if demo and ambiente.PRODUCAO.ler():
            raise NaoComeca("--demo faz pedidos, e com PRODUCAO=1 eles seriam de verdade.")
        _exigir_portas_livres()
        with _dados_so_deste():
            _preparar_bancos()
            _ficar_no_ar(demo)
    except (ambiente.AmbienteInvalido, NaoComeca) as erro:
        _dizer(f"erro: {erro}", onde=2)
        return 1


def _ficar_no_ar(demo: bool) -> NoReturn:
    """Só um sinal, ou NaoComeca, tira o sistema daqui."""
    with processos_do_procfile(RAIZ / "Procfile"):
        _esperar_prontidao()
        _apresentar()
        if aviso := aviso_de_atraso():
            _dizer(f"aviso: {aviso}", onde=2)
        if demo:
            _demonstrar()
        while True:
            signal.pause()


def _apresentar() -> None:
    """Se já se pode fazer um pedido, e onde clicar. A senha do admin não aparece: está no .env."""
    if faltas := _esperar_alcance():
        _dizer("Os serviços estão no ar, mas um pedido não chega ao fim:")
        _dizer(*(f"  {falta}" for falta in faltas))
    else:
        _dizer("Tudo pronto.")
    if ambiente.PRODUCAO.ler() and not ambiente.PROXIES_CONFIAVEIS.ler():
        _dizer("Só se entra por um proxy com TLS, e PROXIES_CONFIAVEIS não diz qual.")
    _dizer("Entre como admin, com a senha ADMIN_SENHA, que está no .env:")
    for servico in SERVICOS.values():
        url = servico.url_publica
        _dizer(f"  {servico.nome:<11} {url}/admin/   API: {url}/   documentação: {url}/api/docs")


def _dizer(*linhas: str, onde: int = 1) -> None:
    """Na saída padrão, ou na de erros; se ela não aceita mais nada, segue-se sem isso."""
    with suppress(OSError):
        os.write(onde, "".join(f"{linha}\n" for linha in linhas).encode())


def _demonstrar() -> None:
    """Levanta NaoComeca se os pedidos da demonstração não chegam ao fim."""
    comando = [sys.executable, "manage.py", "demonstrar"]
    if subprocess.run(comando, cwd=RAIZ, check=False).returncode:  # noqa: S603
        raise NaoComeca("a demonstração não deu certo; o porquê está acima.")


def _parar(_sinal: int, _quadro: FrameType | None) -> None:
    """Só o primeiro sinal conta: os outros não podem interromper a parada em ordem."""
    for sinal in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sinal, signal.SIG_IGN)
    sys.exit(0)


def _exigir_portas_livres() -> None:
    """Levanta NaoComeca com a primeira porta em que não se pode escutar."""
    for servico in SERVICOS.values():
        for base, porta in (
            ("PORTA_REST_BASE", servico.porta_rest),
            ("PORTA_GRPC_BASE", servico.porta_grpc),
        ):
            if motivo := por_que_nao_escuta(servico.endereco, porta):
                raise NaoComeca(
                    f"a porta {porta}, de {servico.nome}, {motivo}."
                    f" Libere-a ou escolha outras com {base}."
                )


@contextmanager
def _dados_so_deste() -> Iterator[None]:
    """Segura DADOS_DIR enquanto o bloco dura; levanta NaoComeca se outro sistema a tem.

    Dois numa pasta só seriam dois `retomar`, e duas filas para escrever em cada banco.
    """
    pasta = ambiente.DADOS_DIR.ler()
    try:
        pasta.mkdir(parents=True, exist_ok=True)
        trava = (pasta / "sistema.trava").open("w")  # o kernel solta a trava de quem morre
        fcntl.flock(trava, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as erro:
        raise NaoComeca(
            f"outro sistema já usa os dados de {pasta}. Pare-o, ou dê outra pasta com DADOS_DIR."
        ) from erro
    except OSError as erro:
        raise NaoComeca(f"não é possível escrever em {pasta}: {erro.strerror}.") from erro
    with trava:
        yield


def _preparar_bancos() -> None:
    """Migra e semeia, ao mesmo tempo, os bancos que ainda não estão em dia."""
    comandos = {
        servico.nome: subprocess.Popen(  # noqa: S603
            [sys.executable, "manage.py", "preparar", f"--settings={servico.settings}"], cwd=RAIZ
        )
        for servico in SERVICOS.values()
        if not bancos_em_dia(servico)
    }
    if comandos:
        _dizer(f"Preparando os bancos: {', '.join(comandos)}.")
    try:
        falhas = [nome for nome, comando in comandos.items() if comando.wait()]
    finally:
        for comando in comandos.values():
            comando.terminate()
    if falhas:
        raise NaoComeca(f"não foi possível preparar o banco de {', '.join(falhas)}.")


def bancos_em_dia(servico: Servico) -> bool:
    """Se nenhum banco do serviço precisa de `manage.py preparar`."""
    return all(map(_banco_em_dia, servico.bancos.values()))


def _banco_em_dia(nome: str) -> bool:
    if ambiente.DATABASE_URL.de(nome).ler():
        return False  # só o Django sabe perguntar a outro banco
    return em_dia(ambiente.DADOS_DIR.ler() / f"{nome}.db")


def _esperar_prontidao() -> None:
    """Levanta NaoComeca se algum serviço não atende, por REST e por gRPC, em um minuto."""
    limite = time.monotonic() + ESPERA_PELA_PRONTIDAO_S
    for servico in SERVICOS.values():
        while not _pronto(servico):
            if time.monotonic() > limite:
                raise NaoComeca(f"{servico.nome} não ficou pronto; veja o log dele acima.")
            time.sleep(0.1)


def _esperar_alcance() -> list[str]:
    """O que ainda impede as chamadas entre os serviços depois de uma espera; vazio se nada."""
    limite = time.monotonic() + ESPERA_PELO_ALCANCE_S
    while True:
        motivos = {nome: por_que_nao_se_alcanca(servico) for nome, servico in SERVICOS.items()}
        faltas = [f"{nome} {motivo}" for nome, motivo in motivos.items() if motivo]
        if not faltas or time.monotonic() > limite:
            return faltas
        time.sleep(0.1)


def _pronto(servico: Servico) -> bool:
    """Pergunta às portas locais, e não às URLs, que podem apontar para outra máquina."""
    return atende_rest(servico.endereco, servico.porta_rest) and atende_grpc(
        f"{servico.endereco}:{servico.porta_grpc}", servico.contrato
    )


if __name__ == "__main__":
    sys.exit(main())
