"""A tabela dos seis serviços, na ordem do checkout. Portas, URLs, bancos e Procfile seguem dela."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from ecommerce import ambiente


@dataclass(frozen=True)
class Verbo:
    """O que um serviço pede a outro: o método de quem chama, e como se diz em cada transporte."""

    nome: str
    rest: str
    grpc: str


@dataclass(frozen=True)
class Passo:
    """O passo de um serviço no checkout: o que o faz e o que o desfaz.

    `alcancado` é o status a que o pedido chega quando o passo está gravado; None no último, em
    que a resposta já é o fim da cadeia.
    """

    faz: Verbo
    desfaz: Verbo
    alcancado: str | None


@dataclass(frozen=True)
class Servico:
    """Um serviço: `posicao` na tabela decide as portas; `proximo` é quem ele chama no checkout.

    `passo` é o que ele faz na cadeia; pedidos, que a conduz, e catalogo, fora dela, não têm um.

    `contrato` é o nome do seu serviço gRPC (pacote.Serviço), e o pacote o do seu .proto;
    `threads`, quantas chamadas cada processo dele atende de uma vez; `externos`, as empresas de
    fora que ele simula, cada uma na sua aplicação (`<servico>.<nome>`) e no seu banco.
    """

    nome: str
    posicao: int
    proximo: str | None
    contrato: str
    passo: Passo | None = None
    threads: int = 16
    externos: tuple[str, ...] = ()

    @property
    def bancos(self) -> dict[str, str]:
        """Do alias do Django ao nome de cada banco, que é o do arquivo; o do serviço é o padrão."""
        return {"default": self.nome} | {nome: nome for nome in self.externos}

    @property
    def porta_rest(self) -> int:
        return ambiente.PORTA_REST_BASE.ler() + self.posicao

    @property
    def porta_grpc(self) -> int:
        return ambiente.PORTA_GRPC_BASE.ler() + self.posicao

    @property
    def endereco(self) -> str:
        """Endereço em que o serviço escuta; um IPv6 vem entre colchetes."""
        endereco = ambiente.ENDERECO.ler().strip("[]")
        return f"[{endereco}]" if ":" in endereco else endereco

    @property
    def url_rest(self) -> str:
        """Onde quem chama encontra o serviço; `<SERVICO>_REST_URL` aponta para outra máquina."""
        daqui = f"http://{_alcancavel(self.endereco)}:{self.porta_rest}"
        return ambiente.REST_URL.de(self.nome).ler() or daqui

    @property
    def url_publica(self) -> str:
        """Onde as pessoas encontram o serviço: `<SERVICO>_URL_PUBLICA`, ou a de quem o chama."""
        return ambiente.URL_PUBLICA.de(self.nome).ler() or self.url_rest

    @property
    def hosts(self) -> list[str]:
        """Os hosts das suas duas URLs; um IPv6 vem entre colchetes."""
        return [
            re.sub(r":\d+$", "", urlsplit(url).netloc) for url in (self.url_rest, self.url_publica)
        ]

    @property
    def alvo_grpc(self) -> str:
        """Onde quem chama por gRPC encontra o serviço; `<SERVICO>_GRPC_ALVO` aponta para outro."""
        daqui = f"{_alcancavel(self.endereco)}:{self.porta_grpc}"
        return ambiente.GRPC_ALVO.de(self.nome).ler() or daqui

    @property
    def settings(self) -> str:
        return f"ecommerce.settings.{self.nome}"


def _alcancavel(endereco: str) -> str:
    """Quem escuta em todos os endereços é encontrado pelo de loopback."""
    return {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}.get(endereco, endereco)  # noqa: S104


PAGAR = Passo(
    Verbo("processar", "POST /pagamentos", "ProcessarPagamento"),
    Verbo("estornar", "POST /pagamentos/{pedido_id}/estornar", "EstornarPagamento"),
    "pagamento_aprovado",
)
SEPARAR = Passo(
    Verbo("separar", "POST /estoque/separar", "SepararEstoque"),
    Verbo("liberar", "POST /estoque/liberar", "LiberarEstoque"),
    "em_separacao",
)
FATURAR = Passo(
    Verbo("emitir", "POST /notas", "EmitirNotaFiscal"),
    Verbo("cancelar", "POST /notas/{pedido_id}/cancelar", "CancelarNotaFiscal"),
    "nf_emitida",
)
ENVIAR = Passo(
    Verbo("agendar", "POST /envios", "AgendarEnvio"),
    Verbo("cancelar", "POST /envios/{pedido_id}/cancelar", "CancelarEnvio"),
    None,
)
SERVICOS = {
    servico.nome: servico
    for servico in (
        Servico("pedidos", 0, "pagamentos", "pedido.Pedido", threads=96),
        Servico("pagamentos", 1, "estoque", "pagamento.Pagamento", PAGAR, externos=("operadora",)),
        Servico("estoque", 2, "fiscal", "estoque.Estoque", SEPARAR),
        Servico("fiscal", 3, "logistica", "fiscal.Fiscal", FATURAR),
        Servico("logistica", 4, None, "logistica.Logistica", ENVIAR),
        Servico("catalogo", 5, None, "catalogo.Catalogo"),
    )
}
# na ordem do checkout: é o fluxo, que a cadeia, os diagramas e os testes leem daqui
PASSOS = {servico.nome: servico.passo for servico in SERVICOS.values() if servico.passo}
# onde, por REST, cada serviço mostra uma linha por pedido
LISTAS = {
    "pedidos": "/pedidos",
    "pagamentos": "/pagamentos",
    "estoque": "/separacoes",
    "fiscal": "/notas",
    "logistica": "/envios",
}
