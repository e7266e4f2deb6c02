from catalogo.views import PrecoViewSet, ProdutoViewSet

recursos = {"produtos": ProdutoViewSet, "precos": PrecoViewSet}
