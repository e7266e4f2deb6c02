"""O que a importação recusou ou reparou, linha por linha, e por qual regra."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from ferramentas.importacao.leitura import LinhaLida, LinhaRecusada
from pedidos.dominio import INACABADOS

RECUSADA = "recusada"
REPARADA = "reparada"

REGRAS = {
    "id_invalido": (RECUSADA, "o id não é um inteiro positivo ou é grande demais"),
    "nome_invalido": (RECUSADA, "o nome é curto demais ou tem o que uma nota fiscal não comporta"),
    "nome_cortado": (REPARADA, "o nome não cabia e foi cortado"),
    "email_invalido": (RECUSADA, "o e-mail não é válido ou não cabe"),
    "email_repetido": (RECUSADA, "outro cliente já tem este e-mail"),
    "email_em_minusculas": (REPARADA, "o e-mail passou a minúsculas"),
    "preco_invalido": (RECUSADA, "o preço não é um número positivo ou é grande demais"),
    "preco_arredondado": (REPARADA, "o preço tinha frações de centavo e foi arredondado"),
    "estoque_invalido": (RECUSADA, "o estoque não é um inteiro de zero para cima"),
    "cliente_desconhecido": (RECUSADA, "o cliente não existe"),
    "cliente_recusado": (RECUSADA, "o cliente foi recusado"),
    "data_invalida": (RECUSADA, "a data do pedido não é uma data"),
    "status_desconhecido": (RECUSADA, "o status não é nenhum dos conhecidos"),
    "pedido_sem_itens": (RECUSADA, "o pedido ficou sem itens"),
    "itens_demais": (RECUSADA, "o pedido tem mais de 100 produtos"),
    "total_grande_demais": (RECUSADA, "o total do pedido passa de 9999999999.99"),
    "pedido_desconhecido": (RECUSADA, "o pedido não existe"),
    "pedido_recusado": (RECUSADA, "o pedido foi recusado"),
    "produto_desconhecido": (RECUSADA, "o produto não existe ou foi recusado"),
    "quantidade_invalida": (RECUSADA, "a quantidade não é um inteiro positivo"),
    "item_repetido": (REPARADA, "o produto já estava no pedido: as quantidades foram somadas"),
    "quantidade_cortada": (REPARADA, "a quantidade passava de 1000 e ficou em 1000"),
    "total_recalculado": (REPARADA, "o total não era a soma de preço × quantidade"),
    "linha_repetida": (RECUSADA, "o pedido já tem outra linha nesta tabela"),
    "metodo_desconhecido": (RECUSADA, "o método não é pix, boleto nem cartao_credito"),
    "metodo_suposto": (REPARADA, "sem pagamento o arquivo não diz o método: ficou pix"),
    "pagamento_pendente": (REPARADA, "pagamento sem decisão: será pedido de novo ao retomar"),
    "cancelado_sem_estorno": (REPARADA, "o pedido está cancelado: o pagamento foi estornado"),
    "nota_sem_pagamento": (RECUSADA, "o pedido da nota não tem pagamento aprovado"),
    "numero_refeito": (REPARADA, "o número da nota não era o próximo na ordem de emissão"),
    "chave_refeita": (REPARADA, "a chave de acesso não era a da nota e foi calculada de novo"),
    "envio_sem_nota": (RECUSADA, "o envio não tem a nota do seu pedido"),
    "envio_cancelado": (RECUSADA, "o envio está cancelado e o pedido não"),
    "envio_de_cancelado": (REPARADA, "o pedido está cancelado: o envio foi cancelado"),
    "rastreio_refeito": (REPARADA, "o código de rastreamento não era um S10 só deste envio"),
    "data_refeita": (REPARADA, "a data faltava ou era anterior à do passo de antes, que valeu"),
    "status_derivado": (REPARADA, "o status não era o que as linhas do pedido dizem"),
}


@dataclass(frozen=True)
class Ocorrencia:
    """Uma linha recusada ou reparada; o id basta para achá-la, sem mostrar dados de ninguém."""

    tabela: str
    id: int | None
    regra: str

    @property
    def acao(self) -> str:
        return REGRAS[self.regra][0]

    @property
    def motivo(self) -> str:
        return REGRAS[self.regra][1]


@dataclass
class Ocorrencias:
    """As ocorrências de uma importação e quantos pedidos ficaram em cada status."""

    anotadas: list[Ocorrencia] = field(default_factory=list)
    por_status: Counter[str] = field(default_factory=Counter)

    def anotar(self, linha: LinhaLida, regra: str) -> None:
        linha_id = linha["id"] if isinstance(linha["id"], int) else None
        self.anotadas.append(Ocorrencia(linha["tabela"], linha_id, regra))

    @contextmanager
    def anotando(self, linha: LinhaLida) -> Iterator[None]:
        """O bloco em que `linha` pode ser recusada: a recusa é anotada e a vida segue."""
        try:
            yield
        except LinhaRecusada as recusa:
            self.anotar(linha, recusa.regra)

    @property
    def por_regra(self) -> dict[str, int]:
        """Quantas linhas cada regra alcançou, da mais frequente à menos."""
        return dict(Counter(o.regra for o in self.anotadas).most_common())

    @property
    def em_andamento(self) -> int:
        """Pedidos que ainda não terminaram e que `retomar` conduzirá."""
        return sum(n for status, n in self.por_status.items() if status in INACABADOS)
