"""A transação de escrita e o SQL do checkout."""
