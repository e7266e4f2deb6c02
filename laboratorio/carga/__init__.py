"""Quem compra: o gerador, as encomendas, e o que se mediu."""
