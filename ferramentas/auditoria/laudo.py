"""O laudo: quantos foram conferidos em cada invariante, e o que a violou."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

# o laudo não cresce com o estrago: além disto só se conta
IDS_MAXIMOS = 1000


@dataclass
class Invariante:
    """Uma invariante: o que diz, do que são os ids dela e o que se achou."""

    diz: str
    de_que: str = "pedidos"
    conferidos: int = 0
    violacoes: int = 0
    ids: list[int] = field(default_factory=list)
    motivos: Counter[str] = field(default_factory=Counter)

    def anotar(self, id_: int, motivos: list[str]) -> None:
        """Mais um conferido; com motivos, é uma violação."""
        self.conferidos += 1
        if motivos:
            self.violacoes += 1
            self.motivos.update(motivos)
            if len(self.ids) < IDS_MAXIMOS:
                self.ids.append(id_)

    @property
    def detalhe(self) -> str:
        """Os motivos, do mais frequente ao menos."""
        texto = "; ".join(f"{n} × {motivo}" for motivo, n in self.motivos.most_common())
        return texto + (f" (ids: só {IDS_MAXIMOS})" if self.violacoes > IDS_MAXIMOS else "")


def _invariantes() -> dict[str, Invariante]:
    return {
        "I1": Invariante("o que entrou = disponível + separado; nada negativo", "produtos"),
        "I2": Invariante("um pagamento só: o total se o pedido vive, zero se não"),
        "I3": Invariante("enviado se e só se pago, separado, com nota e com envio"),
        "I4": Invariante("nada vive num pedido cancelado ou desconhecido"),
        "I6": Invariante("nenhum pedido inacabado além do limite"),
        "I7": Invariante("total = soma dos itens = pagamento = nota"),
        "I9": Invariante("números das notas sem buracos nem repetições", "notas"),
        "I10": Invariante("a operadora cobrou o aprovado, estornou o estornado, e nada mais"),
    }


@dataclass
class Laudo:
    """O resultado de uma auditoria."""

    pedidos: int = 0
    invariantes: dict[str, Invariante] = field(default_factory=_invariantes)

    @property
    def limpo(self) -> bool:
        return not any(invariante.violacoes for invariante in self.invariantes.values())

    def em_json(self) -> dict[str, Any]:
        """O laudo na forma do contrato: só as invariantes violadas, com os ids em ordem."""
        violacoes = [
            {"invariante": nome, "ids": sorted(invariante.ids), "detalhe": invariante.detalhe}
            for nome, invariante in self.invariantes.items()
            if invariante.violacoes
        ]
        return {"pedidos": self.pedidos, "violacoes": violacoes}
