"""O que as APIs dos seis têm em comum: views, campos, filtros, páginas e o esquema OpenAPI."""
