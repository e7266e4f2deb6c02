"""A API no navegador: páginas e formulários."""
