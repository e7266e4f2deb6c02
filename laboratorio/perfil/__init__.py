"""Onde um serviço gasta a CPU."""
