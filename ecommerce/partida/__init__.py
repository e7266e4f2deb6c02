"""Pôr o sistema no ar: preparar, começar, recomeçar, parar, e mostrar que funciona."""
