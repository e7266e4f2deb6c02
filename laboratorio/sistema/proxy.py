"""Um proxy TCP no loopback que estraga a conversa como mandam, igual para HTTP e gRPC."""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType

PEDACO = 16 * 1024
_RST_AO_FECHAR = struct.pack("ii", 1, 0)  # SO_LINGER ligado e de zero segundos


@dataclass(frozen=True)
class Defeito:
    """O que se faz com o que passa; sem nada, tudo passa na hora.

    `atraso_s` adia o que vai para o serviço; `bytes_por_s` limita cada sentido; `cortar` derruba
    com RST as conexões e recusa as novas; `engolir_respostas` entrega o que vai e some com o que
    volta; `desviar_para` é a porta de outro programa, que passa a atender no lugar do serviço.
    """

    atraso_s: float = 0.0
    bytes_por_s: int = 0
    cortar: bool = False
    engolir_respostas: bool = False
    desviar_para: int = 0


class Proxy:
    """Escuta em `porta` de 127.0.0.1 e leva tudo a `destino`; `defeito` se troca em uso."""

    def __init__(self, destino: tuple[str, int]) -> None:
        self.destino = destino
        self.porta = 0
        self._defeito = Defeito()
        self._conexoes: set[_Conexao] = set()
        self._laco = asyncio.new_event_loop()
        self._fim = asyncio.Event()
        self._escutando = threading.Event()
        self._thread = threading.Thread(target=self._rodar, daemon=True)
        self._thread.start()
        if not self._escutando.wait(5):
            raise RuntimeError("o proxy não conseguiu uma porta")

    @property
    def defeito(self) -> Defeito:
        return self._defeito

    @defeito.setter
    def defeito(self, novo: Defeito) -> None:
        asyncio.run_coroutine_threadsafe(self._trocar(novo), self._laco).result()

    def fechar(self) -> None:
        self._laco.call_soon_threadsafe(self._fim.set)
        self._thread.join()

    def __enter__(self) -> Proxy:
        return self

    def __exit__(
        self, _t: type[BaseException] | None, _e: BaseException | None, _r: TracebackType | None
    ) -> None:
        self.fechar()

    def _rodar(self) -> None:
        asyncio.set_event_loop(self._laco)
        self._laco.run_until_complete(self._servir())
        self._laco.close()

    async def _servir(self) -> None:
        servidor = await asyncio.start_server(self._atender, "127.0.0.1", 0)
        self.porta = servidor.sockets[0].getsockname()[1]
        self._escutando.set()
        await self._fim.wait()
        servidor.close()
        tarefas = asyncio.all_tasks() - {asyncio.current_task()}
        for tarefa in tarefas:
            tarefa.cancel()
        await asyncio.gather(*tarefas, return_exceptions=True)

    async def _trocar(self, novo: Defeito) -> None:
        self._defeito = novo
        for conexao in list(self._conexoes):
            # a quem perdeu um pedaço da conversa o resto já não faria sentido
            if novo.cortar or conexao.engoliu or conexao.destino != self._destino():
                conexao.cortar()

    async def _atender(self, leitor: asyncio.StreamReader, quem: asyncio.StreamWriter) -> None:
        if self._defeito.cortar:
            _derrubar(quem)
            return
        try:
            destino = self._destino()
            do_servico, servico = await asyncio.open_connection(*destino)
        except OSError:  # o serviço está fora: quem chama vê o mesmo
            _derrubar(quem)
            return
        conexao = _Conexao(self, quem, servico, destino)
        self._conexoes.add(conexao)
        try:
            await asyncio.gather(conexao.ida(leitor), conexao.volta(do_servico))
        finally:
            self._conexoes.discard(conexao)
            quem.close()
            servico.close()

    def _destino(self) -> tuple[str, int]:
        return ("127.0.0.1", self._defeito.desviar_para or self.destino[1])


class _Conexao:
    """Os dois sentidos de uma conexão, e o que já se perdeu dela."""

    def __init__(
        self,
        proxy: Proxy,
        quem: asyncio.StreamWriter,
        servico: asyncio.StreamWriter,
        destino: tuple[str, int],
    ) -> None:
        self._proxy, self._quem, self._servico, self.destino = proxy, quem, servico, destino
        self.engoliu = False

    def cortar(self) -> None:
        for lado in (self._quem, self._servico):
            _derrubar(lado)

    async def ida(self, leitor: asyncio.StreamReader) -> None:
        """Leva ao serviço, cada pedaço na sua hora, mesmo que quem mandou já tenha desistido."""
        agora = asyncio.get_running_loop().time
        fila: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        entrega = asyncio.create_task(self._entregar(fila))
        pedaco = b"?"
        while pedaco:
            pedaco = await _ler(leitor)
            fila.put_nowait((agora() + self._proxy.defeito.atraso_s, pedaco))
        await entrega

    async def volta(self, leitor: asyncio.StreamReader) -> None:
        while pedaco := await _ler(leitor):
            if self._proxy.defeito.engolir_respostas:
                self.engoliu = True
            else:
                await self._mandar(self._quem, pedaco)
        self._quem.close()

    async def _entregar(self, fila: asyncio.Queue[tuple[float, bytes]]) -> None:
        agora = asyncio.get_running_loop().time
        while True:
            quando, pedaco = await fila.get()
            await asyncio.sleep(quando - agora())
            if not pedaco:
                break
            await self._mandar(self._servico, pedaco)
        self._servico.close()

    async def _mandar(self, para: asyncio.StreamWriter, pedaco: bytes) -> None:
        ritmo = self._proxy.defeito.bytes_por_s
        passo = max(1, ritmo // 10) if ritmo else len(pedaco)
        for inicio in range(0, len(pedaco), passo):
            if ritmo:
                await asyncio.sleep(passo / ritmo)
            with suppress(ConnectionError):  # quem esperava já foi embora
                para.write(pedaco[inicio : inicio + passo])
                await para.drain()


async def _ler(leitor: asyncio.StreamReader) -> bytes:
    """O que chegou; vazio no fim, limpo ou não."""
    try:
        return await leitor.read(PEDACO)
    except ConnectionError:
        return b""


def _derrubar(lado: asyncio.StreamWriter) -> None:
    tomada = lado.get_extra_info("socket")
    with suppress(OSError):  # já fechada
        tomada.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RST_AO_FECHAR)
    lado.transport.abort()
