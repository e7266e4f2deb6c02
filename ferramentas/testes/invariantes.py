"""As invariantes dos dados, verificadas direto nos bancos, sem o código do projeto."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

BANCOS = ("pedidos", "pagamentos", "operadora", "estoque", "fiscal", "logistica", "catalogo")

VISTA = """
CREATE TEMP VIEW tudo AS SELECT p.*, p.id AS n,
    g.status AS g_status, g.valor AS g_valor, g.data_processamento AS g_data, g.impressao AS g_imp,
    g.metodo AS g_metodo, s.status AS s_status, s.criada_em AS s_data, s.impressao AS s_imp,
    f.status AS f_status, f.numero AS f_numero, f.chave_acesso AS f_chave, f.valor AS f_valor,
    f.data_emissao AS f_data, f.impressao AS f_imp, e.status AS e_status,
    e.codigo_rastreamento AS e_codigo, e.data_despacho AS e_data, e.impressao AS e_imp
FROM pedidos.pedidos_pedido p
LEFT JOIN pagamentos.pagamentos_pagamento g ON g.pedido_id = p.id
LEFT JOIN estoque.estoque_separacao s ON s.pedido_id = p.id
LEFT JOIN fiscal.fiscal_nota f ON f.pedido_id = p.id
LEFT JOIN logistica.logistica_envio e ON e.pedido_id = p.id
"""
# cada consulta devolve os ids que violam a invariante
CONSULTAS = {
    "I1 saldo fecha": """SELECT produto_id FROM estoque.estoque_saldo
        WHERE entradas <> disponivel + separado OR disponivel < 0 OR separado < 0""",
    "I1 separado é a soma das separações": """SELECT produto_id FROM estoque.estoque_saldo b
        WHERE separado <> (SELECT coalesce(sum(i.quantidade), 0)
            FROM estoque.estoque_itemseparacao i JOIN estoque.estoque_separacao s
            ON s.pedido_id = i.separacao_id
            WHERE s.status = 'separado' AND i.produto_id = b.produto_id)""",
    "I2 pago o total se vive, nada se cancelado": """SELECT n FROM tudo WHERE
        (status IN ('pagamento_aprovado', 'em_separacao', 'nf_emitida', 'enviado', 'entregue'))
        IS NOT (coalesce(g_status, '') = 'aprovado') OR g_valor <> valor_total""",
    "I3 enviado tem tudo": """SELECT n FROM tudo WHERE (status IN ('enviado', 'entregue')) <> (
        coalesce(g_status, '') = 'aprovado' AND coalesce(s_status, '') = 'separado'
        AND coalesce(f_status, '') = 'emitida'
        AND coalesce(e_status, 'cancelado') <> 'cancelado')""",
    "I4 nada vive no cancelado": """SELECT n FROM tudo WHERE status = 'cancelado' AND (
        motivo IS NULL OR g_status = 'aprovado' OR s_status = 'separado' OR f_status = 'emitida'
        OR e_status <> 'cancelado')""",
    "I7 o total é a soma": """SELECT n FROM tudo WHERE valor_total <> (
        SELECT sum(quantidade * preco_unitario) FROM pedidos.pedidos_itempedido
        WHERE pedido_id = n) OR f_valor <> valor_total""",
    "os itens separados são os pedidos": """SELECT n FROM tudo WHERE s_status IS NOT NULL AND
        (SELECT count(*) FROM pedidos.pedidos_itempedido WHERE pedido_id = n) <> (
        SELECT count(*) FROM pedidos.pedidos_itempedido p JOIN estoque.estoque_itemseparacao s
        ON s.separacao_id = p.pedido_id AND s.produto_id = p.produto_id
        AND s.quantidade = p.quantidade WHERE p.pedido_id = n)""",
    "pedidos copia o que os outros disseram": """SELECT n FROM tudo WHERE
        pagamento_status <> coalesce(g_status, 'pendente') OR nota_numero IS NOT f_numero
        OR nota_chave_acesso IS NOT f_chave OR envio_status IS NOT e_status
        OR envio_codigo_rastreamento IS NOT e_codigo OR enviado_em IS NOT e_data
        OR metodo <> coalesce(g_metodo, metodo) OR token_cartao IS NOT NULL
        OR em_curso_ate IS NOT NULL""",
    "uma impressão só": """SELECT n FROM tudo WHERE impressao <> coalesce(g_imp, impressao)
        OR g_imp <> s_imp OR g_imp <> f_imp OR g_imp <> e_imp""",
    "as datas seguem o fluxo": """SELECT n FROM tudo WHERE g_data < data_criacao
        OR s_data < g_data OR f_data < s_data OR e_data < f_data""",
    "o catálogo mostra o saldo": """SELECT c.id FROM catalogo.catalogo_produto c
        LEFT JOIN estoque.estoque_saldo b ON b.produto_id = c.id
        WHERE c.estoque IS NOT b.disponivel""",
    "I10 a operadora cobrou e estornou o que pagamentos diz": """SELECT n FROM tudo WHERE
        (SELECT group_concat(tipo || ' ' || status || ' ' || valor || ' ' || impressao, ', ')
            FROM (SELECT * FROM operadora.operadora_lancamento WHERE pedido_id = n ORDER BY tipo))
        IS NOT CASE g_status WHEN 'rejeitado' THEN 'cobranca rejeitado ' || g_valor || ' ' || g_imp
        WHEN 'aprovado' THEN 'cobranca aprovado ' || g_valor || ' ' || g_imp
        WHEN 'estornado' THEN 'cobranca aprovado ' || g_valor || ' ' || g_imp
            || ', estorno aprovado ' || g_valor || ' ' || g_imp END""",
    "I10 nada se cobra de quem não tem pagamento": """SELECT pedido_id
        FROM operadora.operadora_lancamento
        WHERE pedido_id NOT IN (SELECT pedido_id FROM pagamentos.pagamentos_pagamento)""",
    "I10 cobra-se ao processar e estorna-se depois": """SELECT n FROM tudo
        JOIN operadora.operadora_lancamento l ON l.pedido_id = n
        WHERE l.tipo = 'cobranca' AND l.criado_em <> g_data OR l.criado_em < g_data""",
    "I9 números sem buracos, na ordem de emissão": """SELECT pedido_id FROM (
        SELECT pedido_id, numero, row_number() OVER (ORDER BY data_emissao, numero) AS ordem
        FROM fiscal.fiscal_nota WHERE numero IS NOT NULL) WHERE numero <> ordem""",
    "I9 a numeração sabe o último": """SELECT 0 WHERE
        (SELECT coalesce(max(numero), 0) FROM fiscal.fiscal_nota)
        <> (SELECT coalesce(max(ultimo), 0) FROM fiscal.fiscal_numeracao)""",
}
# a operação que há por linha de cada tabela, e por estado que diz que ela foi desfeita
OPERACOES = {
    "pedidos": {
        ("criar_pedido", "pendente"): "1",
        ("concluir_pedido", "enviado"): "e_data IS NOT NULL",
        ("entregar_pedido", "entregue"): "status = 'entregue'",
        ("cancelar_pedido", "cancelado"): "status = 'cancelado'",
    },
    "pagamentos": {
        ("processar_pagamento", "aprovado"): "g_status IN ('aprovado', 'estornado')",
        ("processar_pagamento", "rejeitado"): "g_status = 'rejeitado'",
        ("estornar_pagamento", "estornado"): "g_status = 'estornado'",
    },
    "estoque": {
        ("separar_estoque", "separado"): "s_status IN ('separado', 'liberado')",
        ("separar_estoque", "recusado"): "s_status = 'recusado'",
        ("liberar_estoque", "liberado"): "s_status = 'liberado'",
    },
    "fiscal": {
        ("emitir_nota", "emitida"): "f_numero IS NOT NULL",
        ("cancelar_nota", "cancelada"): "f_status = 'cancelada'",
    },
    "logistica": {
        ("agendar_envio", "aguardando_envio"): "e_codigo IS NOT NULL",
        ("entregar_envio", "entregue"): "e_status = 'entregue'",
        ("cancelar_envio", "cancelado"): "e_status = 'cancelado'",
    },
}


def abrir(dados: Path) -> sqlite3.Connection:
    """Os bancos numa conexão só, e a vista `tudo`: um pedido por linha, com seus passos."""
    banco = sqlite3.connect(":memory:")
    for nome in BANCOS:
        banco.execute(f"ATTACH ? AS {nome}", [str(dados / f"{nome}.db")])
    banco.execute(VISTA)
    return banco


def violacoes(dados: Path) -> dict[str, list[int]]:
    """Os ids que violam cada invariante; vazio quando tudo está certo."""
    with closing(abrir(dados)) as banco:
        achadas = {
            nome: [linha[0] for linha in banco.execute(consulta)]
            for nome, consulta in CONSULTAS.items()
        }
        achadas |= _operacoes(banco)
        achadas["chave de acesso"] = [
            n
            for n, *nota in banco.execute(
                "SELECT n, f_chave, f_numero, f_data FROM tudo WHERE f_chave IS NOT NULL"
            )
            if not _chave_certa(*nota)
        ]
        achadas["código S10"] = [
            n
            for n, codigo in banco.execute("SELECT n, e_codigo FROM tudo WHERE e_codigo NOT NULL")
            if not _s10_certo(codigo)
        ]
    return {nome: ids for nome, ids in achadas.items() if ids}


def _operacoes(banco: sqlite3.Connection) -> dict[str, list[int]]:
    """Exatamente uma operação por efeito, todas de um pedido com o mesmo rastro."""
    achadas = {}
    for servico, efeitos in OPERACOES.items():
        for (operacao, resultado), condicao in efeitos.items():
            consulta = f"""SELECT n FROM tudo WHERE coalesce({condicao}, 0) <> (
                SELECT count(*) FROM {servico}.operacoes_operacao
                WHERE pedido_id = n AND operacao = ? AND resultado = ?)"""
            ids = [n for (n,) in banco.execute(consulta, [operacao, resultado])]
            achadas[f"{servico}: {operacao} → {resultado}"] = ids
    uniao = " UNION ".join(
        f"SELECT pedido_id, trace_id FROM {servico}.operacoes_operacao" for servico in OPERACOES
    )
    achadas["um rastro por pedido"] = [
        n
        for (n,) in banco.execute(
            f"SELECT pedido_id FROM ({uniao}) WHERE pedido_id IS NOT NULL GROUP BY pedido_id"
            " HAVING count(*) > 1 OR max(length(trace_id)) <> 32"
        )
    ]
    return achadas


def _chave_certa(chave: str, numero: int, emissao: str) -> bool:
    """44 dígitos com ano e mês da emissão, modelo 55, o número da nota e o dígito módulo 11."""
    emitida_em = datetime.fromisoformat(emissao).replace(tzinfo=ZoneInfo("UTC"))
    aamm = f"{emitida_em.astimezone(ZoneInfo('America/Sao_Paulo')):%y%m}"
    pesos = (4, 3, 2, 9, 8, 7, 6, 5) * 6
    soma = sum(int(d) * p for d, p in zip(chave[:43], pesos, strict=False))
    digito = 0 if soma % 11 < 2 else 11 - soma % 11
    return (
        len(chave) == 44
        and chave[2:6] == aamm
        and chave[20:22] == "55"
        and int(chave[25:34]) == numero
        and int(chave[43]) == digito
    )


def _s10_certo(codigo: str) -> bool:
    """Duas letras, oito dígitos, o dígito da UPU e o país."""
    resto = 11 - sum(int(d) * p for d, p in zip(codigo[2:10], (8, 6, 4, 2, 3, 5, 9, 7))) % 11  # noqa: B905
    digito = {10: 0, 11: 5}.get(resto, resto)
    return len(codigo) == 13 and codigo[:2].isalpha() and codigo[10:] == f"{digito}BR"
