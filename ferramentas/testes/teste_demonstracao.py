"""A demonstração faz pedidos: só onde eles não são de verdade."""

from __future__ import annotations

import pytest

from ferramentas.demonstracao import DemonstracaoFalhou, demonstrar


def teste_em_producao_nao_se_fazem_pedidos_de_demonstracao(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PRODUCAO", "1")
    with pytest.raises(DemonstracaoFalhou, match="PRODUCAO=1"):
        demonstrar()
