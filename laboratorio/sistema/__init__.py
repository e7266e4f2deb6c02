"""O sistema inteiro em processos de verdade, e o que se vê deles de fora."""
