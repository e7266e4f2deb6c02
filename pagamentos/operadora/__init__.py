"""A operadora de pagamentos, simulada: outra empresa, com o seu caderno num banco só dela.

Dela pagamentos só conhece `cobrar`, `estornar` e os lançamentos; ela, de pagamentos, nada.
"""
