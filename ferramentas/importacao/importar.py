"""De um ecommerce.db à loja que os seis serviços podem guardar: o que se pede e a quem se vende."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from ecommerce.mensagens import (
    ID_MAXIMO,
    ITENS_MAXIMO,
    PEDIDO_MAXIMO,
    QUANTIDADE_MAXIMA,
    VALOR_MAXIMO,
    Cliente,
    Item,
)
from ecommerce.textos import NOME_MAXIMO, PRODUTO_MAXIMO, normalizado, validar_nome, validar_produto
from ferramentas.dados_de_exemplo.historia import DadosDaLoja, Entrada, Historia, Marca, Produto
from ferramentas.importacao import leitura
from ferramentas.importacao.historias import PedidoLido, historias
from ferramentas.importacao.leitura import LinhaLida, LinhaRecusada
from ferramentas.importacao.ocorrencias import Ocorrencias
from pedidos.dominio import Status

ESTOQUE_MAXIMO = 10**9
STATUS = tuple(map(str, Status))


def importar(arquivo: Path) -> tuple[DadosDaLoja, Ocorrencias]:
    """A loja que há no arquivo, toda conferida, e o relatório do que não serviu como estava.

    Levanta CommandError se o arquivo não é um ecommerce.db.
    """
    tabelas, ocorrencias = leitura.ler(arquivo), Ocorrencias()
    clientes = _clientes(tabelas["clientes"], ocorrencias)
    produtos, estoque = _produtos(tabelas["produtos"], ocorrencias)
    pedidos = _pedidos(tabelas, clientes, produtos, ocorrencias)
    lidas = historias(pedidos, ocorrencias)
    ocorrencias.por_status.update(historia.status for historia in lidas)
    agora = datetime.now(UTC)
    eventos: list[Entrada | Historia] = [*_entradas(estoque, lidas, agora), *lidas]
    return DadosDaLoja(clientes.values(), list(produtos.values()), eventos, agora), ocorrencias


def _clientes(linhas: list[LinhaLida], ocorrencias: Ocorrencias) -> dict[int, Cliente]:
    clientes: dict[int, Cliente] = {}
    emails: set[str] = set()
    for linha in linhas:
        with ocorrencias.anotando(linha):
            cliente_id = leitura.identidade(linha["id"])
            nome = leitura.nome(linha["nome"], NOME_MAXIMO, validar_nome)
            email = leitura.email(linha["email"])
            if email in emails:
                raise LinhaRecusada("email_repetido")
            emails.add(email)
            if email != linha["email"]:
                ocorrencias.anotar(linha, "email_em_minusculas")
            if nome != normalizado(linha["nome"]):
                ocorrencias.anotar(linha, "nome_cortado")
            clientes[cliente_id] = Cliente(cliente_id, nome, email)
    return clientes


def _produtos(
    linhas: list[LinhaLida], ocorrencias: Ocorrencias
) -> tuple[dict[int, Produto], dict[int, int]]:
    """Os produtos e quantas peças de cada um estão disponíveis."""
    produtos: dict[int, Produto] = {}
    estoque: dict[int, int] = {}
    for linha in linhas:
        with ocorrencias.anotando(linha):
            produto_id = leitura.identidade(linha["id"])
            nome = leitura.nome(linha["nome"], PRODUTO_MAXIMO, validar_produto)
            preco = leitura.reais(linha["preco"])
            estoque[produto_id] = leitura.inteiro(
                linha["quantidade_estoque"], "estoque_invalido", 0, ESTOQUE_MAXIMO
            )
            if float(preco) != linha["preco"]:
                ocorrencias.anotar(linha, "preco_arredondado")
            if nome != normalizado(linha["nome"]):
                ocorrencias.anotar(linha, "nome_cortado")
            produtos[produto_id] = Produto(produto_id, nome, preco)
    return produtos, estoque


def _pedidos(
    tabelas: dict[str, list[LinhaLida]],
    clientes: dict[int, Cliente],
    produtos: dict[int, Produto],
    ocorrencias: Ocorrencias,
) -> list[PedidoLido]:
    """Os pedidos que se aproveitam, cada um com as linhas que lhe pertencem."""
    todos = {linha["id"] for linha in tabelas["pedidos"]}
    lidos = _sem_linhas(tabelas, clientes, ocorrencias)
    for linha in tabelas["itens_pedido"]:
        with ocorrencias.anotando(linha):
            _juntar_item(linha, _dono(linha, lidos, todos), produtos, ocorrencias)
    com_itens = _com_itens(lidos, ocorrencias)
    for tabela in ("pagamentos", "notas_fiscais", "envios"):
        for linha in tabelas[tabela]:
            with ocorrencias.anotando(linha):
                passos = _dono(linha, com_itens, todos).passos
                if tabela in passos:
                    raise LinhaRecusada("linha_repetida")
                passos[tabela] = linha
    return list(com_itens.values())


def _sem_linhas(
    tabelas: dict[str, list[LinhaLida]], clientes: dict[int, Cliente], ocorrencias: Ocorrencias
) -> dict[int, PedidoLido]:
    """Os pedidos em si, por id, ainda sem as linhas das outras tabelas."""
    no_arquivo = {linha["id"] for linha in tabelas["clientes"]}
    lidos: dict[int, PedidoLido] = {}
    for linha in tabelas["pedidos"]:
        with ocorrencias.anotando(linha):
            pedido_id = leitura.identidade(linha["id"], PEDIDO_MAXIMO)
            if linha["cliente_id"] not in clientes:
                recusado = linha["cliente_id"] in no_arquivo
                raise LinhaRecusada("cliente_recusado" if recusado else "cliente_desconhecido")
            leitura.um_de(linha["status"], STATUS, "status_desconhecido")
            criado_em = leitura.instante(linha["data_criacao"])
            lidos[pedido_id] = PedidoLido(linha, clientes[linha["cliente_id"]], criado_em)
    return lidos


def _dono(linha: LinhaLida, lidos: dict[int, PedidoLido], todos: set[int]) -> PedidoLido:
    """O pedido da linha. Levanta LinhaRecusada se ele não existe ou foi recusado."""
    pedido_id = linha["pedido_id"]
    if pedido_id not in lidos:
        raise LinhaRecusada("pedido_recusado" if pedido_id in todos else "pedido_desconhecido")
    return lidos[pedido_id]


def _juntar_item(
    linha: LinhaLida, pedido: PedidoLido, produtos: dict[int, Produto], ocorrencias: Ocorrencias
) -> None:
    """Põe o item no pedido; o produto que já estava lá mantém o preço e soma as quantidades."""
    produto = produtos.get(linha["produto_id"])
    if produto is None:
        raise LinhaRecusada("produto_desconhecido")
    quantidade = leitura.inteiro(linha["quantidade"], "quantidade_invalida", 1, ID_MAXIMO)
    preco = leitura.reais(linha["preco_unitario"])
    if float(preco) != linha["preco_unitario"]:
        ocorrencias.anotar(linha, "preco_arredondado")
    if anterior := pedido.itens.get(produto.id):
        ocorrencias.anotar(linha, "item_repetido")
        quantidade, preco = quantidade + anterior.quantidade, anterior.preco_unitario
    if quantidade > QUANTIDADE_MAXIMA:
        ocorrencias.anotar(linha, "quantidade_cortada")
        quantidade = QUANTIDADE_MAXIMA
    pedido.itens[produto.id] = Item(produto.id, produto.nome, quantidade, preco)


def _com_itens(lidos: dict[int, PedidoLido], ocorrencias: Ocorrencias) -> dict[int, PedidoLido]:
    com_itens = {}
    for pedido_id, pedido in lidos.items():
        with ocorrencias.anotando(pedido.linha):
            if not pedido.itens:
                raise LinhaRecusada("pedido_sem_itens")
            if len(pedido.itens) > ITENS_MAXIMO:
                raise LinhaRecusada("itens_demais")
            if pedido.total > VALOR_MAXIMO:
                raise LinhaRecusada("total_grande_demais")
            com_itens[pedido_id] = pedido
    return com_itens


def _entradas(estoque: dict[int, int], lidas: list[Historia], agora: datetime) -> Iterator[Entrada]:
    """Tudo que teve de entrar para haver o que está disponível e o que está separado."""
    separado: Counter[int] = Counter()
    for historia in lidas:
        if historia.separacao and historia.separacao.status == "separado":
            separado.update({i.produto_id: i.quantidade for i in historia.separacao.itens})
    quando = min((historia.criado_em for historia in lidas), default=agora)
    for produto_id, disponivel in estoque.items():
        if entradas := disponivel + separado[produto_id]:
            yield Entrada(produto_id, entradas, quando, Marca(secrets.token_hex(16)))
