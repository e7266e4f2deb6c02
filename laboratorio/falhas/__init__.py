"""O que se passa segundo a segundo quando um serviço falha e volta."""
