from pedidos.views import ClienteViewSet, PedidoViewSet

recursos = {"pedidos": PedidoViewSet, "clientes": ClienteViewSet}
