"""O HTTP/1.1 de um lado e do outro: corpos, a conexão de quem chama e o worker que atende."""
