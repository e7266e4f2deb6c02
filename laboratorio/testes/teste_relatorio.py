"""O relatório: diz o que os dados dizem, tem tudo o que se pede, e a página se basta."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from ecommerce.servicos import SERVICOS
from laboratorio.relatorio import diagramas, linhas_de_codigo, resumo, texto
from laboratorio.relatorio.chamadas import chamadas
from laboratorio.relatorio.comando import escrever
from laboratorio.relatorio.diagramas import transicoes
from laboratorio.relatorio.sequencias import Anotacao, resposta_perdida, sem_estoque
from laboratorio.sistema.processos import RAIZ, Sistema
from laboratorio.testes import corrida_de_exemplo
from pedidos.dominio import Status
from testes.apoio.compras import comprar, corpo, produto_com

SECOES = (
    *("Introdução", "Arquiteturas", "Implementação", "Resultados dos testes"),
    *("Análise comparativa", "Publish-subscribe e Kafka", "Conclusão", "Código fonte"),
    "Erros encontrados no código do enunciado",
)
QUESITOS = ("Complexidade", "Acoplamento", "Escalabilidade", "Resiliência", "Desempenho", "Observ")
# nomes de protocolos, normas e códigos, que não são medidas
COM_ALGARISMOS = r"p50|p90|p99|RFC 9457|HTTP/2|S10|W3C|\b(201|202|422|503|504)\b|32 bits"


@pytest.fixture(scope="module")
def feito(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Um relatório inteiro, escrito dos dados de exemplo."""
    pasta = corrida_de_exemplo.gravar(tmp_path_factory.mktemp("relatorio"))
    escrever(pasta)
    return pasta


def markdown(pasta: Path) -> str:
    """O texto dos dados de `pasta`, sem desenhar nada."""
    return texto.escrever(resumo.ler(pasta / "dados"), {})


def teste_tem_todas_as_secoes_que_o_enunciado_pede(feito: Path) -> None:
    relatorio = (feito / "relatorio.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (.+)$", relatorio, re.M) == list(SECOES)
    for quesito in QUESITOS:
        assert re.search(rf"^### {quesito}", relatorio, re.M), quesito
    assert texto.NAO_MEDIDO not in relatorio


def teste_nada_do_modelo_sobra_no_texto(feito: Path) -> None:
    relatorio = (feito / "relatorio.md").read_text(encoding="utf-8")
    assert not re.search(r"{{|}}|{%|%}|{#|\bNone\b|\bnan\b|Undefined|<function", relatorio)
    assert not re.search(r"\d\.\d (ms|s|%|checkouts)", relatorio), "ponto decimal"


def teste_os_modelos_nao_trazem_numeros_escritos_a_mao() -> None:
    for modelo in texto.MODELOS.glob("*.md.jinja"):
        escrito = re.sub(r"(?s){{.*?}}|{%.*?%}|{#.*?#}|`[^`]*`", "", modelo.read_text("utf-8"))
        escrito = re.sub(COM_ALGARISMOS, "", escrito)
        assert not re.findall(r".{0,30}\d.{0,30}", escrito), modelo.name


def teste_o_texto_segue_os_dados(tmp_path: Path) -> None:
    # dado o mesmo relatório com o custo de um transporte e o do outro trocados
    normal = markdown(corrida_de_exemplo.gravar(tmp_path / "a"))
    trocados = corrida_de_exemplo.CPU_MS | {"rest": 6.5, "grpc": 10.0}
    trocado = markdown(corrida_de_exemplo.gravar(tmp_path / "b", trocados))

    assert "o mais barato foi gRPC, com 6,5 (de 6,4 a 6,7) ms" in normal
    assert "gRPC custou 35 % (de 35 % a 35 %) menos CPU por checkout que REST" in normal
    assert "o mais barato foi REST, com 6,5 (de 6,4 a 6,7) ms" in trocado
    assert "REST custou 35 % (de 35 % a 35 %) menos CPU por checkout que gRPC" in trocado


def teste_um_empate_nao_tem_vencedor(tmp_path: Path) -> None:
    # dado um transporte que ganha numa rodada e perde em outra
    pasta = corrida_de_exemplo.gravar(tmp_path, corrida_de_exemplo.CPU_MS | {"grpc": 10.0})

    def embaralhar(medidas: list[resumo.Medida]) -> list[resumo.Medida]:
        for m in medidas:
            if m["alvo"] == "grpc":
                m["cpu_ms_por_checkout"] *= {1: 0.9, 2: 1.0, 3: 1.1}[m["rodada"]]
        return medidas

    corrida_de_exemplo.mudar(pasta, "carga", embaralhar)

    relatorio = markdown(pasta)
    assert "não basta para dizer qual dos transportes custa menos" in relatorio
    assert "o intervalo contém o empate" in relatorio


def teste_uma_rodada_so_nao_decide_nada(tmp_path: Path) -> None:
    pasta = corrida_de_exemplo.gravar(tmp_path)
    corrida_de_exemplo.mudar(pasta, "carga", lambda ms: [m for m in ms if m["rodada"] == 1])

    assert "entre REST e gRPC há só 1 rodada" in markdown(pasta)


def teste_uma_violacao_aparece(tmp_path: Path) -> None:
    pasta = corrida_de_exemplo.gravar(tmp_path)

    def violar(falhas: list[dict[str, object]]) -> list[dict[str, object]]:
        violacao = {"invariante": "I2", "ids": [1], "detalhe": "cobrado duas vezes"}
        falhas[0] |= {"terminados": 149, "auditoria": {"violacoes": [violacao]}}
        return falhas

    corrida_de_exemplo.mudar(pasta, "falhas", violar)

    relatorio = markdown(pasta)
    assert "Na falha “estoque morto” por REST a auditoria achou violações de I2." in relatorio
    assert "1 pedido não chegou a um fim" in relatorio
    assert "a auditoria não achou violação" not in relatorio


def teste_o_crescimento_diz_se_o_checkout_encarece(tmp_path: Path) -> None:
    pasta = corrida_de_exemplo.gravar(tmp_path)
    assert "10.000 pedidos no banco, a CPU por checkout foi 1,00 vezes" in markdown(pasta)

    def encarecer(medidas: list[resumo.Medida]) -> list[resumo.Medida]:
        for m in medidas:
            if m["pedidos_no_banco"]:
                m["cpu_ms_por_checkout"] *= 1.2 + m["rodada"] / 100
        return medidas

    corrida_de_exemplo.mudar(pasta, "crescimento", encarecer)
    assert "foi 1,22 (de 1,21 a 1,23) vezes a de um banco com 0: mais cara." in markdown(pasta)


@pytest.mark.parametrize("faltando", ["carga", "crescimento", "falhas", "linhas", "enunciado"])
def teste_uma_corrida_pela_metade_diz_o_que_falta(tmp_path: Path, faltando: str) -> None:
    pasta = corrida_de_exemplo.gravar(tmp_path)
    (pasta / "dados" / f"{faltando}.json").unlink()
    corrida_de_exemplo.mudar(pasta, "corrida", lambda corrida: corrida | {"inteira": False})

    relatorio = markdown(pasta)
    assert "interrompida antes do fim" in relatorio
    assert texto.NAO_MEDIDO in relatorio
    assert re.findall(r"^## (.+)$", relatorio, re.M) == list(SECOES)


def teste_sem_dado_nenhum_ainda_ha_relatorio(tmp_path: Path) -> None:
    assert re.findall(r"^## (.+)$", markdown(tmp_path), re.M) == list(SECOES)


def teste_a_pagina_nao_pede_nada_de_fora_e_mostra_toda_figura(
    feito: Path, chromium: Browser
) -> None:
    pedidos: list[str] = []
    pagina = chromium.new_page()
    pagina.on("request", lambda pedido: pedidos.append(pedido.url))

    pagina.goto((feito / "relatorio.html").as_uri())

    fora = [url for url in pedidos if not url.startswith(("data:", "file:"))]
    assert fora == [] and len([url for url in pedidos if url.startswith("file:")]) == 1
    largura = "[...document.images].map(i => i.complete ? i.naturalWidth : 0)"
    figuras = pagina.evaluate(largura)
    assert len(figuras) == len(list((feito / "graficos").glob("*.svg"))) and all(figuras)
    assert pagina.locator("nav a").all_inner_texts() == list(SECOES)
    perdidas = "[...document.querySelectorAll('nav a')].filter(a => !document.getElementById("
    assert pagina.evaluate(perdidas + "decodeURIComponent(a.hash.slice(1)))).length") == 0
    pagina.close()


def teste_os_mesmos_dados_dao_os_mesmos_arquivos(feito: Path) -> None:
    # dado um relatório escrito, quando o comando o escreve de novo, em outro processo
    antes = {arquivo: arquivo.read_bytes() for arquivo in _escritos(feito)}
    (feito / "relatorio.html").unlink()
    assert _so_texto(feito).returncode == 0

    # então nada muda, nem nos gráficos
    depois = {arquivo: arquivo.read_bytes() for arquivo in _escritos(feito)}
    assert {"vazao.svg", "custo.png", "estados.svg", "relatorio.html"} <= {a.name for a in antes}
    assert [a.name for a in antes | depois if antes.get(a) != depois.get(a)] == []


def teste_sem_dados_o_comando_diz_o_que_falta(tmp_path: Path) -> None:
    saida = _so_texto(tmp_path)
    assert saida.returncode == 1
    assert "Não há dados" in saida.stderr


def _so_texto(destino: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "laboratorio", "relatorio", "--so-texto", "--destino", destino],
        cwd=RAIZ,
        capture_output=True,
        text=True,
        check=False,
    )


def _escritos(pasta: Path) -> list[Path]:
    return [*pasta.glob("graficos/*"), *pasta.glob("relatorio.*")]


# --- os desenhos não mentem ----------------------------------------------------------------------


def teste_os_estados_desenhados_sao_os_do_dominio() -> None:
    setas = list(transicoes())
    assert {de for de, _, _ in setas} | {para for _, para, _ in setas} == set(Status)
    assert not [seta for seta in setas if seta[0] in (Status.ENTREGUE, Status.CANCELADO)]


def teste_toda_chamada_desenhada_e_a_que_o_vizinho_faz() -> None:
    for salto in chamadas():
        pasta = RAIZ / salto.de / "vizinhos"
        por_rest, por_grpc = (
            (pasta / nome).read_text(encoding="utf-8") for nome in ("rest.py", "grpc.py")
        )
        metodo, caminho = salto.verbo.rest.split()
        assert re.search(rf'"{metodo}",\s+f?"{re.escape(caminho)}"', por_rest), salto
        assert f'"{salto.verbo.grpc}"' in por_grpc, salto
        assert f"def {salto.verbo.nome}(" in por_rest and f"def {salto.verbo.nome}(" in por_grpc


def teste_a_sequencia_com_compensacao_e_a_que_acontece(sistema: Sistema) -> None:
    produto = produto_com(sistema, 30, 1)
    recusada = comprar(sistema, corpo(produto, 2)).json()
    assert recusada["codigo"] == "sem_estoque"

    desenhadas = [passo for passo in sem_estoque() if isinstance(passo, Anotacao)]
    for servico in SERVICOS:
        pagina = sistema.ler(servico, "/operacoes", pedido_id=recusada["pedido_id"])
        feitas = {(linha["operacao"], linha["resultado"]) for linha in pagina["results"]}
        assert feitas == {(n.operacao, n.resultado) for n in desenhadas if n.em == servico}


def teste_toda_operacao_desenhada_existe_no_codigo() -> None:
    fontes = "".join(
        caminho.read_text(encoding="utf-8")
        for servico in SERVICOS
        for caminho in (RAIZ / servico).glob("*.py")
    )
    for passo in (*sem_estoque(), *resposta_perdida()):
        assert not isinstance(passo, Anotacao) or f'"{passo.operacao}"' in fontes, passo


def teste_todo_diagrama_vira_arquivo(feito: Path) -> None:
    for nome in diagramas.DIAGRAMAS:
        assert (feito / "graficos" / f"{nome}.svg").stat().st_size > 1000


def teste_so_se_contam_linhas_com_codigo(tmp_path: Path) -> None:
    fonte = tmp_path / "um.py"
    docstring = '"""Diz.\n\nMais."""\n\n# nada\n'
    codigo = 'x = 1  # conta\n\n\ndef f():\n    "diz"\n    y = [\n        2,\n    ]\n'
    fonte.write_text(docstring + codigo)
    assert linhas_de_codigo.linhas_de(fonte) == 5
    contrato = tmp_path / "um.proto"
    contrato.write_text('// nada\n\nsyntax = "proto3";\nmessage M {\n}\n')
    assert linhas_de_codigo.linhas_de(contrato) == 3


def teste_todas_as_portas_sao_contadas() -> None:
    contagem = linhas_de_codigo.contar()
    for transporte in ("rest", "grpc"):
        assert contagem[transporte]["portas dos serviços"]["arquivos"] % len(SERVICOS) == 0
        assert contagem[transporte]["vizinhos"]["linhas"] > 0
    assert contagem["grpc"]["gerado pelo protoc"]["linhas"] > 0
