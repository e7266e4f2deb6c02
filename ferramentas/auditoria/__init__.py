"""A auditoria: as invariantes de todos os serviços, conferidas pelas APIs de cada um."""
