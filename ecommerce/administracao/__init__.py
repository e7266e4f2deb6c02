"""O que os admins dos seis serviços têm em comum."""
