"""A matriz de falhas: as linhas de docs/falhas.md, menos a sobrecarga, com um teste à parte."""

from __future__ import annotations

import random

from ecommerce.quedas import DEPOIS_DA_OPERADORA, PONTOS
from ecommerce.servicos import SERVICOS
from testes.apoio.compras import RECURSOS
from testes.falhas import copia_antiga, pedidos_dificeis, porta_do_admin, quebras, tempo_parado
from testes.falhas.bancada import Cenario
from testes.falhas.outro_programa import RESPOSTAS

CADEIA = list(RECURSOS)
DEPOIS_DE_PEDIDOS = CADEIA[1:]
ESGOTADO = {"produto_id": 3, "quantidade": 999}

FALHAS: dict[str, Cenario] = {
    **{f"1 {s} morto {p}": quebras.morto(s, p) for s in CADEIA for p in PONTOS},
    "1 pedidos morto ao concluir": quebras.pedidos_morto_ao_concluir,
    **{f"2 {s} fora do ar": quebras.fora_do_ar(s) for s in SERVICOS},
    "2 estoque inalcançável": quebras.com_defeito("estoque", quebras.CORTADO),
    "2 logistica congelado": quebras.congelado("logistica"),
    **{
        f"3 {s} lento": quebras.com_defeito(s, quebras.LENTO)
        for s in (*DEPOIS_DE_PEDIDOS, "catalogo")
    },
    "3 estoque por banda estreita": quebras.com_defeito("estoque", quebras.ESTREITO),
    **{
        f"4 resposta de {s} perdida": quebras.com_defeito(s, quebras.MUDO)
        for s in DEPOIS_DE_PEDIDOS
    },
    "4 resposta ao cliente perdida": quebras.resposta_ao_cliente_perdida,
    "5 vinte com a mesma chave": pedidos_dificeis.vinte_com_a_mesma_chave,
    "5 a chave depois de um reinício": pedidos_dificeis.a_chave_depois_de_um_reinicio,
    "6 cinquenta pela última peça": pedidos_dificeis.cinquenta_pela_ultima_peca,
    "6 em parte esgotado": pedidos_dificeis.em_parte_esgotado,
    "7 pagamento recusado": pedidos_dificeis.pagamento_recusado,
    "7 nota recusada": pedidos_dificeis.nota_recusada,
    "7 estoque morto ao recusar": quebras.morto("estoque", "depois_do_commit", ESGOTADO),
    "7 pagamentos morto ao recusar": quebras.morto("pagamentos", "antes_da_resposta", ESGOTADO),
    **{
        f"7 {s} morto ao desfazer": quebras.morto_ao_desfazer(s, "depois_do_commit") for s in CADEIA
    },
    **{
        f"7 {s} morto antes de desfazer": quebras.morto_ao_desfazer(s, "antes_do_commit")
        for s in DEPOIS_DE_PEDIDOS
    },
    "9 SIGTERM com gente comprando": quebras.terminado_em_ordem,
    "10 estoque com o banco ocupado 1 s": quebras.banco_ocupado_por_pouco,
    **{
        f"10 {servico} com o banco travado {segundos} s": quebras.banco_travado(servico, segundos)
        for servico in ("pedidos", "fiscal")
        for segundos in (3, 30)
    },
    "10 pedidos com o disco cheio": quebras.disco_cheio("pedidos"),
    "10 estoque com o disco cheio": quebras.disco_cheio("estoque"),
    "11 entrada hostil": pedidos_dificeis.entrada_hostil,
    "12 intruso": pedidos_dificeis.intruso,
    **{
        f"13 no lugar de {servico}, {resposta}": quebras.outro_programa(servico, resposta)
        for servico in ("pagamentos", "fiscal")
        for resposta in RESPOSTAS
    },
    "14 pedidos de uma cópia antiga": copia_antiga.restaurados("pedidos"),
    "14 pedidos e pagamentos de uma cópia antiga": copia_antiga.restaurados(
        "pedidos", "pagamentos"
    ),
    "15 desligado por uma hora": tempo_parado.desligado,
    "15 suspenso além da desistência": tempo_parado.suspenso,
    "15 relógio adiantado uma hora": tempo_parado.relogio_saltou(tempo_parado.HORA_S),
    "15 relógio atrasado uma hora": tempo_parado.relogio_saltou(-tempo_parado.HORA_S),
    "16 pagamentos morto depois de cobrado": quebras.morto("pagamentos", DEPOIS_DA_OPERADORA),
    "16 pagamentos morto depois de estornado": quebras.morto_ao_desfazer(
        "pagamentos", DEPOIS_DA_OPERADORA
    ),
    "16 operadora mais lenta que o prazo": quebras.operadora_mais_lenta_que_o_prazo,
    "16 operadora com o banco travado 3 s": quebras.banco_travado("operadora", 3),
    "17 senha do admin adivinhada": porta_do_admin.senha_adivinhada,
}
AMOSTRA = [
    ("1 pagamentos morto depois_do_commit", "rest"),
    ("1 pedidos morto depois_do_commit", "grpc"),
    ("2 fiscal fora do ar", "grpc"),
    ("3 logistica lento", "rest"),
    ("4 resposta de estoque perdida", "grpc"),
    ("5 vinte com a mesma chave", "rest"),
    ("5 vinte com a mesma chave", "grpc"),
    ("5 a chave depois de um reinício", "rest"),
    ("6 cinquenta pela última peça", "rest"),
    ("6 cinquenta pela última peça", "grpc"),
    ("6 em parte esgotado", "grpc"),
    ("7 nota recusada", "grpc"),
    ("7 pagamentos morto antes de desfazer", "rest"),
    ("10 pedidos com o banco travado 3 s", "grpc"),
    ("11 entrada hostil", "rest"),
    ("11 entrada hostil", "grpc"),
    ("12 intruso", "grpc"),
    ("13 no lugar de pagamentos, host errado", "rest"),
    ("13 no lugar de fiscal, regra alheia", "rest"),
    ("13 no lugar de pagamentos, conflito alheio", "grpc"),
    ("14 pedidos de uma cópia antiga", "grpc"),
    ("14 pedidos e pagamentos de uma cópia antiga", "rest"),
    ("15 suspenso além da desistência", "rest"),
    ("15 relógio adiantado uma hora", "grpc"),
    ("15 relógio atrasado uma hora", "rest"),
    ("16 pagamentos morto depois de cobrado", "rest"),
    ("16 pagamentos morto depois de estornado", "grpc"),
    ("16 operadora mais lenta que o prazo", "rest"),
    ("16 operadora mais lenta que o prazo", "grpc"),
    ("17 senha do admin adivinhada", "rest"),
]


def linhas(tudo: bool, semente: int) -> list[tuple[str, str]]:
    """As linhas da matriz (falha, transporte) a correr, na ordem que a semente dá."""
    todas = [(falha, transporte) for falha in FALHAS for transporte in ("rest", "grpc")]
    escolhidas = todas if tudo else list(AMOSTRA)
    random.Random(semente).shuffle(escolhidas)  # noqa: S311 - não é segredo
    return escolhidas
