"""Os clientes de cada serviço, que chamam pela rede de mentira o caso de uso do seguinte."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from catalogo.casos_de_uso import consultar_precos
from ecommerce.mensagens import (
    Andamento,
    LinhaEnvio,
    LinhaNota,
    LinhaPagamento,
    LinhaSeparacao,
    Ordem,
    Preco,
)
from estoque.casos_de_uso import liberar_estoque, separar_estoque
from fiscal.casos_de_uso import cancelar_nota, emitir_nota
from logistica.casos_de_uso import agendar_envio, cancelar_envio, entregar_envio
from pagamentos.casos_de_uso import estornar_pagamento, processar_pagamento
from testes.simulacao.rede import Rede


@dataclass(frozen=True)
class Logistica:
    rede: Rede

    def agendar(self, ordem: Ordem) -> Andamento:
        return self.rede.chamar("logistica", lambda: agendar_envio(ordem=ordem))

    def cancelar(self, pedido_id: int, impressao: str | None) -> LinhaEnvio:
        return self.rede.chamar(
            "logistica", lambda: cancelar_envio(pedido_id=pedido_id, impressao=impressao)
        )

    def entregar(self, pedido_id: int) -> LinhaEnvio:
        return self.rede.chamar("logistica", lambda: entregar_envio(pedido_id=pedido_id))


@dataclass(frozen=True)
class Fiscal:
    rede: Rede

    def emitir(self, ordem: Ordem) -> Andamento:
        proximo = Logistica(self.rede)
        return self.rede.chamar("fiscal", lambda: emitir_nota(ordem=ordem, logistica=proximo))

    def cancelar(self, pedido_id: int, impressao: str | None) -> LinhaNota:
        proximo = Logistica(self.rede)
        return self.rede.chamar(
            "fiscal",
            lambda: cancelar_nota(pedido_id=pedido_id, impressao=impressao, logistica=proximo),
        )


@dataclass(frozen=True)
class Estoque:
    rede: Rede

    def separar(self, ordem: Ordem) -> Andamento:
        proximo = Fiscal(self.rede)
        return self.rede.chamar("estoque", lambda: separar_estoque(ordem=ordem, fiscal=proximo))

    def liberar(self, pedido_id: int, impressao: str | None) -> LinhaSeparacao:
        proximo = Fiscal(self.rede)
        return self.rede.chamar(
            "estoque",
            lambda: liberar_estoque(pedido_id=pedido_id, impressao=impressao, fiscal=proximo),
        )


@dataclass(frozen=True)
class Pagamentos:
    rede: Rede

    def processar(self, ordem: Ordem) -> Andamento:
        proximo = Estoque(self.rede)
        return self.rede.chamar(
            "pagamentos", lambda: processar_pagamento(ordem=ordem, estoque=proximo)
        )

    def estornar(self, pedido_id: int, impressao: str | None) -> LinhaPagamento:
        proximo = Estoque(self.rede)
        return self.rede.chamar(
            "pagamentos",
            lambda: estornar_pagamento(pedido_id=pedido_id, impressao=impressao, estoque=proximo),
        )


@dataclass(frozen=True)
class Catalogo:
    rede: Rede

    def precos(self, ids: Collection[int]) -> dict[int, Preco]:
        precos = self.rede.chamar("catalogo", lambda: consultar_precos(ids=ids))
        return {preco.id: preco for preco in precos}
