from estoque.views import EstoqueViewSet, SeparacaoViewSet

recursos = {"estoque": EstoqueViewSet, "separacoes": SeparacaoViewSet}
