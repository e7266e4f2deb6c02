"""O que vê os seis serviços de fora: auditoria, dados de exemplo, importação. Ninguém a importa."""
