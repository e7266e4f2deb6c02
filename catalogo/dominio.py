"""Regras do catálogo."""

# por quanto tempo (s) um saldo visto no estoque ainda pode ser mostrado ao comprador
VALIDADE_DO_ESTOQUE_S = 1.0
# quanto (s) a vitrine espera pelo estoque antes de mostrar os últimos números conhecidos
ESPERA_PELO_ESTOQUE_S = 0.5
