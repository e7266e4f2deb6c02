"""As invariantes da simulação, em SQL sobre o banco que os seis serviços dividem nela."""

from __future__ import annotations

import json
from collections.abc import Collection

from django.db import connection

# um pedido por linha, com os passos que são dele: os da ordem de outro ficam de fora
VISTA = """WITH alheias AS (SELECT value AS impressao FROM json_each(%s)),
    pagamento AS (SELECT * FROM pagamentos_pagamento WHERE coalesce(impressao, '') NOT IN alheias),
    separacao AS (SELECT * FROM estoque_separacao WHERE coalesce(impressao, '') NOT IN alheias),
    nota AS (SELECT * FROM fiscal_nota WHERE coalesce(impressao, '') NOT IN alheias),
    envio AS (SELECT * FROM logistica_envio WHERE coalesce(impressao, '') NOT IN alheias),
    lancamento AS (SELECT * FROM operadora_lancamento
        WHERE coalesce(impressao, '') NOT IN alheias),
    tudo AS (SELECT p.*, p.id AS n, g.status AS g_status, g.valor AS g_valor,
    s.status AS s_status, f.status AS f_status, f.valor AS f_valor, f.numero AS f_numero,
    f.chave_acesso AS f_chave, e.status AS e_status, e.codigo_rastreamento AS e_codigo,
    c.valor AS cobrado, d.valor AS devolvido,
    (coalesce(g.status, '') = 'aprovado' AND coalesce(s.status, '') = 'separado'
     AND coalesce(f.status, '') = 'emitida' AND coalesce(e.status, 'cancelado') <> 'cancelado')
    AS de_pe
    FROM pedidos_pedido p
    LEFT JOIN pagamento g ON g.pedido_id = p.id
    LEFT JOIN separacao s ON s.pedido_id = p.id
    LEFT JOIN nota f ON f.pedido_id = p.id
    LEFT JOIN envio e ON e.pedido_id = p.id
    LEFT JOIN lancamento c ON c.pedido_id = p.id AND c.tipo = 'cobranca' AND c.status = 'aprovado'
    LEFT JOIN lancamento d ON d.pedido_id = p.id AND d.tipo = 'estorno') """
# cada consulta devolve os ids que violam a invariante
SEMPRE = {
    "I1 o saldo fecha": """SELECT produto_id FROM estoque_saldo b
        WHERE disponivel < 0 OR separado < 0 OR entradas <> disponivel + separado OR separado <>
        (SELECT coalesce(sum(i.quantidade), 0) FROM estoque_itemseparacao i
         JOIN estoque_separacao s ON s.pedido_id = i.separacao_id
         WHERE s.status = 'separado' AND i.produto_id = b.produto_id)""",
    "I3 enviado tem tudo": """SELECT n FROM tudo
        WHERE status IN ('enviado', 'entregue') AND NOT de_pe""",
    "I4 nada vive no cancelado": """SELECT n FROM tudo WHERE status = 'cancelado' AND (
        motivo IS NULL OR g_status = 'aprovado' OR s_status = 'separado' OR f_status = 'emitida'
        OR e_status <> 'cancelado')""",
    "o desfeito deixa lápide em todos": """SELECT n FROM tudo WHERE status = 'cancelado'
        AND motivo IN ('cancelado_a_pedido', 'desistencia', 'estado_invalido')
        AND NOT (n IN (SELECT pedido_id FROM pagamentos_pagamento)
        AND n IN (SELECT pedido_id FROM estoque_separacao)
        AND n IN (SELECT pedido_id FROM fiscal_nota)
        AND n IN (SELECT pedido_id FROM logistica_envio))""",
    "o envio de outra ordem não se cancela": """SELECT pedido_id FROM logistica_envio
        WHERE impressao IN alheias AND status = 'cancelado'""",
    "I7 o total é a soma": """SELECT p.id FROM pedidos_pedido p WHERE valor_total <> (
        SELECT sum(quantidade * preco_unitario) FROM pedidos_itempedido WHERE pedido_id = p.id)""",
    "I7 pago e faturado o total": """SELECT n FROM tudo
        WHERE status IN ('enviado', 'entregue') AND (g_valor <> valor_total
        OR f_valor <> valor_total)""",
    "I9 números sem buracos": """SELECT 0 WHERE
        (SELECT count(DISTINCT numero) FROM fiscal_nota)
        <> (SELECT coalesce(max(numero), 0) FROM fiscal_nota)""",
    "I9 a numeração sabe o último": """SELECT 0 WHERE
        (SELECT coalesce(max(numero), 0) FROM fiscal_nota)
        <> (SELECT coalesce(max(ultimo), 0) FROM fiscal_numeracao)""",
    "I10 o que pagamentos diz a operadora fez": """SELECT n FROM tudo WHERE
        g_status = 'aprovado' AND g_valor IS NOT cobrado
        OR g_status = 'rejeitado' AND cobrado IS NOT NULL
        OR g_status = 'estornado' AND (cobrado IS NOT devolvido
            OR g_valor IS NOT NULL AND g_valor IS NOT cobrado)""",
    "I10 não se estorna o que não se cobrou": """SELECT d.pedido_id FROM operadora_lancamento d
        LEFT JOIN operadora_lancamento c ON c.pedido_id = d.pedido_id
            AND c.tipo = 'cobranca' AND c.status = 'aprovado'
        WHERE d.tipo = 'estorno' AND d.valor IS NOT c.valor""",
    "um efeito só de cada": """SELECT pedido_id FROM operacoes_operacao
        WHERE pedido_id IS NOT NULL GROUP BY pedido_id, operacao, resultado HAVING count(*) > 1""",
    "não se devolve o que já não estava cobrado": """SELECT g.pedido_id FROM pagamentos_pagamento g
        WHERE g.status = 'estornado' AND EXISTS (SELECT 1 FROM operacoes_operacao o
        WHERE o.pedido_id = g.pedido_id AND o.resultado = 'rejeitado')""",
    "desfaz-se da ponta para cá": """SELECT g.pedido_id FROM pagamentos_pagamento g
        JOIN estoque_separacao s ON s.pedido_id = g.pedido_id
        WHERE g.status <> 'aprovado' AND s.status = 'separado'
        UNION SELECT s.pedido_id FROM estoque_separacao s
        JOIN fiscal_nota f ON f.pedido_id = s.pedido_id
        WHERE s.status <> 'separado' AND f.status = 'emitida'
        UNION SELECT f.pedido_id FROM fiscal_nota f
        JOIN logistica_envio e ON e.pedido_id = f.pedido_id
        WHERE f.status = 'cancelada' AND e.status <> 'cancelado'""",
    "não se anda sem o passo anterior": """SELECT s.pedido_id FROM estoque_separacao s
        LEFT JOIN pagamentos_pagamento g ON g.pedido_id = s.pedido_id
        WHERE s.status = 'separado' AND g.pedido_id IS NULL
        UNION SELECT f.pedido_id FROM fiscal_nota f
        LEFT JOIN estoque_separacao s ON s.pedido_id = f.pedido_id
        WHERE f.status = 'emitida' AND s.pedido_id IS NULL
        UNION SELECT e.pedido_id FROM logistica_envio e
        LEFT JOIN fiscal_nota f ON f.pedido_id = e.pedido_id
        WHERE e.status <> 'cancelado' AND f.pedido_id IS NULL""",
}
NO_FIM = {
    "todo pedido chega a um fim": """SELECT id FROM pedidos_pedido
        WHERE status NOT IN ('enviado', 'entregue', 'cancelado')""",
    "I2 pago se vive, e só se vive": """SELECT n FROM tudo
        WHERE (status IN ('enviado', 'entregue')) <> (coalesce(g_status, '') = 'aprovado')""",
    "I3 só o enviado tem tudo": """SELECT n FROM tudo
        WHERE (status IN ('enviado', 'entregue')) <> de_pe""",
    "I10 o que a operadora fez pagamentos diz": """SELECT n FROM tudo WHERE
        cobrado IS NOT NULL AND (g_status IS NULL OR (g_status = 'aprovado') <>
        (devolvido IS NULL))""",
    "pedidos copia o que os outros disseram": """SELECT n FROM tudo WHERE
        pagamento_status <> g_status OR enviado_em IS NOT NULL AND (nota_numero IS NOT f_numero
        OR nota_chave_acesso IS NOT f_chave OR envio_codigo_rastreamento IS NOT e_codigo)
        OR (status = 'entregue' AND envio_status <> 'entregue')""",
    "o terminado não guarda chave em curso nem token": """SELECT id FROM pedidos_pedido
        WHERE em_curso_ate IS NOT NULL OR token_cartao IS NOT NULL""",
}


def violacoes(consultas: dict[str, str], alheias: Collection[str]) -> dict[str, list[int]]:
    """Os ids que violam cada uma; vazio quando tudo está certo.

    `alheias` são as impressões das ordens que não são de `pedidos` e usam números dele.
    """
    achadas = {}
    with connection.cursor() as cursor:
        for nome, consulta in consultas.items():
            cursor.execute(VISTA + consulta, [json.dumps([*alheias])])
            ids = [linha[0] for linha in cursor.fetchall()]
            if ids:
                achadas[nome] = ids
    return achadas
