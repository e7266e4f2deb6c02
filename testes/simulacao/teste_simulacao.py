"""Milhares de entrelaçamentos dos casos de uso de verdade, com falhas, num processo só.

O hypothesis escolhe o que cada um faz, o que a rede faz com cada mensagem e quem morre onde; as
invariantes de falhas valem depois de cada passo, e todo pedido tem um fim quando tudo volta.
SEMENTE=<n> repete uma rodada; TUDO=1 faz dez vezes mais, com outra semente a cada vez.
"""

from __future__ import annotations

import os
import secrets
from collections import Counter
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from ecommerce.banco import transacao as banco
from pagamentos import casos_de_uso as pagamentos
from pedidos.models import Pedido
from testes.simulacao.invariantes import NO_FIM, SEMPRE, violacoes
from testes.simulacao.loja import Gesto, Loja, NovoPedido
from testes.simulacao.rede import NADA, Evento, Falha, Rede

TUDO = os.environ.get("TUDO") == "1"
SEMENTE = int(os.environ.get("SEMENTE") or (secrets.randbelow(10**6) if TUDO else 2026))
EXEMPLOS, PASSOS = (2000 if TUDO else 200), 25

numeros = st.sampled_from([0, 0, 0, 0, 1, 1, 2, 5])  # quase sempre o mais recente
itens = st.dictionaries(st.integers(1, 3), st.integers(1, 2), min_size=1, max_size=2)
pagos_com = st.sampled_from(
    [("pix", None), ("boleto", None), ("cartao_credito", "tok_aprovado")] * 2
    + [("cartao_credito", "tok_recusado")]
)
compras = st.builds(
    lambda cliente_id, itens, pago: NovoPedido(cliente_id, tuple(itens.items()), *pago),
    st.sampled_from([1] * 5 + [2]),
    itens,
    pagos_com,
)
chaves = st.sampled_from([None, "a", "b", "c", "d", "e"])
comprar = st.builds(Gesto, st.just("comprar"), numeros, compras, chaves)
cuidar = st.builds(
    Gesto,
    st.sampled_from(
        ["cancelar", "cancelar", "cancelar", "retomar", "entregar", "desistir", "entregar_atrasada"]
    ),
    numeros,
)
mexer = st.builds(
    Gesto, st.sampled_from(["repetir", "forjar", "dar_entrada", "deixar_o_prazo_passar"]), numeros
)
falhas = st.builds(
    Evento,
    st.sampled_from([*list(Falha)[1:], *list(Falha)[-3:]]),
    st.sampled_from([0, 0, 1, 2]),  # em pagamentos, as da operadora vêm antes
    comprar | cuidar | cuidar | cuidar | mexer,
)
# umas chamadas vão bem até certa altura, e então falha uma ou outra
roteiros = st.builds(
    lambda sadias, depois: [NADA] * sadias + depois,
    st.sampled_from([0, 0, 1, 2, 3, 4, 5]),
    st.lists(falhas | falhas | st.just(NADA), min_size=1, max_size=4),
)

FINS = {
    "enviado",
    "entregue",
    "pagamento_rejeitado",
    "sem_estoque",
    "estado_invalido",
    "cancelado_a_pedido",
    "desistencia",
}
feito: Counter[str] = Counter()


class Simulacao(RuleBasedStateMachine):
    """Cada passo é uma ação e o roteiro do que acontece às mensagens que ela provoca."""

    rede: ClassVar[Rede] = Rede(lambda gesto: None)

    def __init__(self) -> None:
        super().__init__()
        self.loja = Loja()
        Simulacao.rede = self.loja.rede

    @classmethod
    def antes_da_transacao(cls) -> float:
        return cls.rede.antes_da_transacao()

    @classmethod
    def cair_se_marcado(cls, ponto: str) -> None:
        cls.rede.cair_se_marcado(ponto)

    @rule(gesto=comprar | comprar | cuidar | cuidar | mexer, roteiro=roteiros)
    def alguem_faz(self, gesto: Gesto, roteiro: list[Evento]) -> None:
        feito.update(["passos", gesto.verbo])
        self.loja.rede.roteiro = list(roteiro)
        self.loja.fazer(gesto)
        self.loja.rede.roteiro = []

    @invariant()
    def vale_sempre(self) -> None:
        assert violacoes(SEMPRE, self.loja.alheias) == {}

    def teardown(self) -> None:
        self.loja.terminar()
        assert violacoes(SEMPRE | NO_FIM, self.loja.alheias) == {}
        self._conferir_confirmados()
        feito.update(self.loja.rede.contagem)
        feito.update(m or s for s, m in Pedido.objects.values_list("status", "motivo"))

    def _conferir_confirmados(self) -> None:
        """I5: o que foi confirmado existe como foi pedido."""
        for pedido_id, novo in self.loja.confirmados.items():
            pedido = Pedido.objects.get(pk=pedido_id)
            assert (pedido.cliente_id, pedido.metodo) == (novo.cliente_id, novo.metodo)
            assert tuple((i.produto_id, i.quantidade) for i in pedido.itens.all()) == novo.itens


@pytest.mark.django_db(transaction=True)
def teste_nada_se_perde_em_nenhum_entrelacamento(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # dado um banco que deixa os outros passarem à frente e cai onde o roteiro manda
    monkeypatch.setattr(banco, "_espera", Simulacao.antes_da_transacao)
    for modulo in (banco, pagamentos):
        monkeypatch.setattr(modulo, "cair_se_marcado", Simulacao.cair_se_marcado)
    with capsys.disabled():
        print(f"\nSEMENTE={SEMENTE}")  # antes, para que uma falha se possa repetir
    # quando todos fazem de tudo, nenhuma invariante cai
    run_state_machine_as_test(
        seed(SEMENTE)(Simulacao),
        settings=settings(
            max_examples=EXEMPLOS,
            stateful_step_count=PASSOS,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    # e tudo aconteceu: cada falha, cada fim
    with capsys.disabled():
        print(*(f"{o_que}: {n}" for o_que, n in sorted(feito.items())))
    assert set(Falha) - {Falha.NADA} <= set(feito)
    assert set(feito) >= FINS
