"""Quanto custa um checkout."""
