"""O HTTP/1.1 de um lado e do outro: corpos, conexões, o proxy da frente, o worker que atende."""
