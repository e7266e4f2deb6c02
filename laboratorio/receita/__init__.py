"""A receita do enunciado, seguida ao pé da letra: a linha de base das medições.

Flask com o servidor de desenvolvimento e `requests.post` sem sessão; grpcio com um canal por
chamada; sqlite3 com uma conexão por chamada, o journal de fábrica e dois commits por passo (o da
linha e o da operação). Nada é lento de propósito, nada é melhor do que a receita manda.

Erros do enunciado reparados, só o bastante para rodar:
- comentários SQL e f-strings quebrados no meio, que nem compilam;
- o passo seguinte, que o exemplo deixa em "NÃO MOSTRADO AQUI" e só com `pedido_id`: cada passo
  leva adiante o que os de baixo precisam (itens, valor, nota);
- `FOREIGN KEY` para tabelas que ficam no banco de outro serviço;
- `':::50051'` e portas fixas: as portas vêm de fora e só o loopback escuta;
- a conexão que fica aberta quando há erro: `closing` fecha sempre;
- a espera de 0,5 a 1,5 s e os 10 % de recusas ao acaso: mediriam o `sleep`, não o sistema;
- o estoque, que não se baixa em lugar nenhum: baixa, com um UPDATE que não deixa ficar negativo;
- `requests` sem timeout: 30 s.

Erros do enunciado que ficam, porque se roda com eles:
- dinheiro em REAL e `float`;
- `CREATE TABLE IF NOT EXISTS` a cada conexão;
- sem idempotência: repetir um pedido cobra de novo, repetir um passo viola o `UNIQUE`;
- sem compensação: recusado pelo estoque, o pagamento continua aprovado;
- sem retomada: com um serviço fora, o cliente recebe 500 e o pedido fica `pendente`;
- número de nota e rastreio ao acaso, sem dígito verificador;
- sem autenticação, sem deadline, sem trace entre serviços.
"""
