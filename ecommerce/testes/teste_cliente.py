"""Nenhuma chamada de rede sai de dentro de uma transação."""

from __future__ import annotations

import pytest

from ecommerce.banco.transacao import transacao
from ecommerce.erros import Indisponivel
from pagamentos.vizinhos.grpc import EstoquePorGrpc
from pagamentos.vizinhos.rest import EstoquePorRest
from testes.apoio.exemplos import uma_ordem


@pytest.mark.django_db(transaction=True)
def teste_o_cliente_se_recusa_dentro_de_uma_transacao(monkeypatch: pytest.MonkeyPatch) -> None:
    # dado um estoque que não atende
    monkeypatch.setenv("ESTOQUE_REST_URL", "http://127.0.0.1:9")
    # quando se chama com uma transação aberta, então nem se tenta
    with transacao(), pytest.raises(RuntimeError, match="transação"):
        EstoquePorRest().separar(uma_ordem())
    # e fora dela a chamada sai: é a rede que responde
    with pytest.raises(Indisponivel):
        EstoquePorRest().separar(uma_ordem())


@pytest.mark.django_db(transaction=True)
def teste_o_cliente_grpc_se_recusa_dentro_de_uma_transacao() -> None:
    with transacao(), pytest.raises(RuntimeError, match="transação"):
        EstoquePorGrpc().separar(uma_ordem())
