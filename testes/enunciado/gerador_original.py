# ruff: noqa
# fmt: off
# mypy: ignore-errors
"""O gerador de ecommerce.db do enunciado, com o que lhe faltava para rodar e mais nada.

Uso: gerador_original.py [ARQUIVO [SEMENTE]] (os dois parâmetros são nossos).

Consertos: o comentário SQL quebrado em duas linhas em `pedidos`, os textos quebrados, o
fim de SQL que sobrava e a margem perdida dos blocos que mudam de página; `status_pagamento` nasce
antes do laço e `nf_id` a cada volta, e só há envio se houve nota: sem isso o script para num
NameError ou num UNIQUE. Os erros nos dados ficaram: notas de pedidos sem pagamento aprovado,
datas fora de ordem, chaves de 39 dígitos, rastreios que não são S10, produtos repetidos.
"""
import sqlite3
import random
from faker import Faker
from datetime import datetime
import os
import sys

fake = Faker('pt_BR')

def criar_conexao(db_file):
    """Cria uma conexão com o banco de dados SQLite especificado por db_file"""
    conn = None
    try:
        conn = sqlite3.connect(db_file)
        print(f"Conectado ao SQLite versão {sqlite3.sqlite_version}")
        return conn
    except sqlite3.Error as e:
        print(f"Erro ao conectar ao banco de dados: {e}")
    return conn

def criar_tabela(conn, create_table_sql):
    """Cria uma tabela a partir da instrução SQL create_table_sql"""
    try:
        c = conn.cursor()
        c.execute(create_table_sql)
    except sqlite3.Error as e:
        print(f"Erro ao criar tabela: {e}")

# --- Definições das Tabelas ---

sql_create_produtos_table = """ CREATE TABLE IF NOT EXISTS produtos (
    id INTEGER PRIMARY KEY,
    nome TEXT NOT NULL,
    preco REAL NOT NULL,
    quantidade_estoque INTEGER NOT NULL
); """

sql_create_clientes_table = """ CREATE TABLE IF NOT EXISTS clientes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    nome TEXT NOT NULL,
    email TEXT NOT NULL UNIQUE
); """

sql_create_pedidos_table = """ CREATE TABLE IF NOT EXISTS pedidos (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    cliente_id INTEGER NOT NULL,
    data_criacao TEXT NOT NULL,
    status TEXT NOT NULL, -- Ex: 'pendente', 'pagamento_aprovado', 'em_separacao', 'nf_emitida', 'enviado', 'cancelado'
    valor_total REAL,
    FOREIGN KEY (cliente_id) REFERENCES clientes (id)
); """

sql_create_itens_pedido_table = """ CREATE TABLE IF NOT EXISTS itens_pedido (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    pedido_id INTEGER NOT NULL,
    produto_id INTEGER NOT NULL,
    quantidade INTEGER NOT NULL,
    preco_unitario REAL NOT NULL,
    FOREIGN KEY (pedido_id) REFERENCES pedidos (id),
    FOREIGN KEY (produto_id) REFERENCES produtos (id)
); """

sql_create_pagamentos_table = """ CREATE TABLE IF NOT EXISTS pagamentos (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    pedido_id INTEGER NOT NULL UNIQUE, -- Geralmente 1 pagamento por pedido
    data_processamento TEXT NOT NULL,
    status TEXT NOT NULL, -- Ex: 'aprovado', 'rejeitado', 'pendente'
    metodo TEXT,
    FOREIGN KEY (pedido_id) REFERENCES pedidos (id)
); """

sql_create_notas_fiscais_table = """ CREATE TABLE IF NOT EXISTS notas_fiscais (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    pedido_id INTEGER NOT NULL UNIQUE,
    numero TEXT NOT NULL UNIQUE,
    data_emissao TEXT NOT NULL,
    chave_acesso TEXT,
    FOREIGN KEY (pedido_id) REFERENCES pedidos (id)
); """

sql_create_envios_table = """ CREATE TABLE IF NOT EXISTS envios (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    pedido_id INTEGER NOT NULL UNIQUE,
    nota_fiscal_id INTEGER NOT NULL UNIQUE,
    data_despacho TEXT,
    codigo_rastreamento TEXT,
    status TEXT NOT NULL, -- Ex: 'aguardando_envio', 'enviado', 'entregue'
    FOREIGN KEY (pedido_id) REFERENCES pedidos (id),
    FOREIGN KEY (nota_fiscal_id) REFERENCES notas_fiscais (id)
); """

def popular_dados(conn, num_clientes=100, num_produtos=50, num_pedidos=200):
    """Popula o banco de dados com dados sintéticos"""
    cursor = conn.cursor()

    print("Populando tabela clientes...")
    clientes_ids = []
    for i in range(num_clientes):
        nome = fake.name()
        email = f"cliente_{i}_{fake.user_name()}@exemplo.com" # Garante unicidade
        cursor.execute("INSERT INTO clientes (nome, email) VALUES (?, ?)", (nome, email))
        clientes_ids.append(cursor.lastrowid)

    print("Populando tabela produtos...")
    produtos_ids = []
    for i in range(num_produtos):
        nome = f"Produto {fake.word().capitalize()} {random.choice(['Eletrônico', 'Vestuário', 'Livro', 'Alimento'])}"
        preco = round(random.uniform(10.5, 500.99), 2)
        estoque = random.randint(0, 100)
        cursor.execute("INSERT INTO produtos (id, nome, preco, quantidade_estoque) VALUES (?, ?, ?, ?)", (i + 1, nome, preco, estoque))
        produtos_ids.append(i + 1)

    print("Populando tabelas pedidos e itens_pedido...")
    pedido_ids_criados = []
    for i in range(num_pedidos):
        cliente_id = random.choice(clientes_ids)
        data_criacao = fake.date_time_between(start_date="-90d", end_date="now").isoformat()
        status_inicial = 'pendente'
        cursor.execute("INSERT INTO pedidos (cliente_id, data_criacao, status) VALUES (?, ?, ?)",
        (cliente_id, data_criacao, status_inicial))
        pedido_id = cursor.lastrowid
        pedido_ids_criados.append(pedido_id)

        # Adiciona itens ao pedido
        num_itens = random.randint(1, 5)
        valor_total_pedido = 0
        for _ in range(num_itens):
            produto_id = random.choice(produtos_ids)
            # Busca preço do produto para consistência
            cursor.execute("SELECT preco FROM produtos WHERE id = ?", (produto_id,))
            resultado = cursor.fetchone()
            if resultado:
                preco_unitario = resultado[0]
                quantidade = random.randint(1, 3)
                valor_total_pedido += quantidade * preco_unitario
                cursor.execute("""INSERT INTO itens_pedido
                (pedido_id, produto_id, quantidade, preco_unitario)
                VALUES (?, ?, ?, ?)""",
                (pedido_id, produto_id, quantidade, preco_unitario))
            else:
                print(f"Alerta: Produto ID {produto_id} não encontrado ao adicionar item ao pedido {pedido_id}")

        # Atualiza valor total do pedido
        cursor.execute("UPDATE pedidos SET valor_total = ? WHERE id = ?", (round(valor_total_pedido, 2),
        pedido_id))

    # Simula alguns status posteriores (Pagamentos, NFs, Envios) para alguns pedidos
    print("Simulando status posteriores...")
    status_pagamento = None
    for pedido_id in pedido_ids_criados:
        nf_id = None
        if random.random() < 0.8: # 80% dos pedidos terão pagamento processado
            data_pagamento = fake.date_time_between(start_date="-80d", end_date="now").isoformat()
            status_pagamento = random.choice(['aprovado', 'rejeitado'])
            metodo = random.choice(['cartao_credito', 'boleto', 'pix'])
            cursor.execute("""INSERT INTO pagamentos
                            (pedido_id, data_processamento, status, metodo)
                            VALUES (?, ?, ?, ?)""",
                            (pedido_id, data_pagamento, status_pagamento, metodo))

        if status_pagamento == 'aprovado':
            cursor.execute("UPDATE pedidos SET status = 'pagamento_aprovado' WHERE id = ?", (pedido_id,))

        if random.random() < 0.9: # 90% dos aprovados terão NF emitida
            cursor.execute("UPDATE pedidos SET status = 'em_separacao' WHERE id = ?",
                            (pedido_id,)) # Simula passagem pelo estoque

            data_nf = fake.date_time_between(start_date="-70d", end_date="now").isoformat()
            numero_nf = f"NF{random.randint(10000, 99999)}-{pedido_id}"
            chave_nf = fake.ean(length=13) + fake.ean(length=13) + fake.ean(length=13) # Simula chave longa
            cursor.execute("""INSERT INTO notas_fiscais
                            (pedido_id, numero, data_emissao, chave_acesso)
                            VALUES (?, ?, ?, ?)""",
                            (pedido_id, numero_nf, data_nf, chave_nf))
            nf_id = cursor.lastrowid
            cursor.execute("UPDATE pedidos SET status = 'nf_emitida' WHERE id = ?", (pedido_id,))

        if nf_id is not None and random.random() < 0.95: # 95% dos com NF serão enviados
            data_envio = fake.date_time_between(start_date="-60d", end_date="now").isoformat()
            rastreio = f"BR{random.randint(100000000, 999999999)}PY"
            status_envio = random.choice(['aguardando_envio', 'enviado', 'entregue'])
            cursor.execute("""INSERT INTO envios
                            (pedido_id, nota_fiscal_id, data_despacho, codigo_rastreamento, status)
                            VALUES (?, ?, ?, ?, ?)""",
                            (pedido_id, nf_id, data_envio, rastreio, status_envio))
            if status_envio in ['enviado', 'entregue']:
                cursor.execute("UPDATE pedidos SET status = ? WHERE id = ?", (status_envio, pedido_id,))

    conn.commit()
    print("População de dados concluída.")

# --- Função Principal ---
def main():
    database = sys.argv[1] if len(sys.argv) > 1 else "ecommerce.db"
    if len(sys.argv) > 2:
        random.seed(sys.argv[2])
        Faker.seed(sys.argv[2])

    # Apaga o banco de dados antigo, se existir, para começar do zero
    if os.path.exists(database):
        os.remove(database)
        print(f"Banco de dados '{database}' existente removido.")

    # Cria uma conexão com o banco de dados (isso criará o arquivo se não existir)
    conn = criar_conexao(database)

    # Cria as tabelas
    if conn is not None:
        print("Criando tabelas...")
        criar_tabela(conn, sql_create_clientes_table)

        criar_tabela(conn, sql_create_produtos_table)
        criar_tabela(conn, sql_create_pedidos_table)
        criar_tabela(conn, sql_create_itens_pedido_table)
        criar_tabela(conn, sql_create_pagamentos_table)
        criar_tabela(conn, sql_create_notas_fiscais_table)
        criar_tabela(conn, sql_create_envios_table)
        print("Tabelas criadas com sucesso.")

        # Popula as tabelas com dados
        popular_dados(conn, num_clientes=50, num_produtos=30, num_pedidos=100) # Ajuste os números conforme necessário

        conn.close()
        print(f"Conexão com '{database}' fechada.")
    else:
        print("Erro! Não foi possível criar a conexão com o banco de dados.")

if __name__ == '__main__':
    # Instale as dependências se necessário: pip install Faker
    main()
