from pagamentos.views import PagamentoViewSet

recursos = {"pagamentos": PagamentoViewSet}
