"""O que deixa o REST mais barato e se poderia tirar sem mudar uma resposta; o ganho é por chamada.

| módulo | o que evita | ganho |
|---|---|---|
| `excesso` | o Django na recusa por excesso | de 0,50 para 0,34 ms |
| `programas` | sessão, mensagens, arquivos e sinais para quem traz uma chave | 0,3 ms |
| `negociacao` | comparar listas de formatos quando só o JSON serve | 0,1 ms |
"""
