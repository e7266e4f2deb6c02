from pagamentos.views import LancamentoViewSet, PagamentoViewSet

recursos = {"pagamentos": PagamentoViewSet, "operadora/lancamentos": LancamentoViewSet}
