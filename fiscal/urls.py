from fiscal.views import NotaViewSet

recursos = {"notas": NotaViewSet}
