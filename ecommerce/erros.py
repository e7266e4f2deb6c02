"""As poucas categorias de erro do sistema. Cada transporte as traduz por uma tabela só."""

from __future__ import annotations

# tudo o que um `codigo` pode dizer (docs/contrato.md)
CODIGOS = (
    "entrada_invalida",
    "nao_autenticado",
    "nao_permitido",
    "nao_encontrado",
    "metodo_nao_permitido",
    "tipo_nao_suportado",
    "grande_demais",
    "chave_em_uso",
    "chave_reutilizada",
    "estado_invalido",
    "pagamento_rejeitado",
    "sem_estoque",
    "produto_inexistente",
    "cliente_inexistente",
    "pedido_cancelado",
    "muitas_requisicoes",
    "sobrecarga",
    "indisponivel",
    "prazo_esgotado",
    "erro_interno",
)


class Erro(Exception):
    """Base das categorias: um texto para gente e um `codigo` estável para programas."""

    codigo = "erro_interno"

    def __init__(
        self, detalhe: str, *, codigo: str | None = None, pedido_id: int | None = None
    ) -> None:
        super().__init__(detalhe)
        self.detalhe = detalhe
        self.codigo = codigo or self.codigo
        self.pedido_id = pedido_id


class EntradaInvalida(Erro):
    """A entrada não serve; `erros` vai do caminho (`itens[0].quantidade`) às mensagens."""

    codigo = "entrada_invalida"

    def __init__(self, erros: dict[str, list[str]], detalhe: str = "") -> None:
        super().__init__(detalhe or "A entrada tem campos inválidos: " + ", ".join(erros) + ".")
        self.erros = erros


class NaoAutenticado(Erro):
    """Faltam credenciais."""

    codigo = "nao_autenticado"


class NaoPermitido(Erro):
    """As credenciais não valem, ou não dão direito a esta operação."""

    codigo = "nao_permitido"


class NaoEncontrado(Erro):
    """O recurso não existe."""

    codigo = "nao_encontrado"


class Conflito(Erro):
    """O estado atual não admite a operação, ou ela já está em curso.

    `tentar_em_s` diz em quantos segundos vale repetir; None quando repetir não adianta.
    """

    codigo = "estado_invalido"

    def __init__(
        self,
        detalhe: str,
        *,
        codigo: str | None = None,
        pedido_id: int | None = None,
        tentar_em_s: int | None = None,
    ) -> None:
        super().__init__(detalhe, codigo=codigo, pedido_id=pedido_id)
        self.tentar_em_s = tentar_em_s


class Recusado(Erro):
    """Uma regra do negócio disse não. Quem levanta já desfez a si e a tudo abaixo de si.

    `situacao` é o status em que ficou o passo de quem levanta; None se ele nada gravou.
    """

    def __init__(
        self,
        detalhe: str,
        *,
        codigo: str,
        pedido_id: int | None = None,
        situacao: str | None = None,
    ) -> None:
        super().__init__(detalhe, codigo=codigo, pedido_id=pedido_id)
        self.situacao = situacao


class Sobrecarga(Erro):
    """Há trabalho demais em curso; nada foi começado. `tentar_em_s` sugere quando voltar."""

    codigo = "sobrecarga"
    tentar_em_s = 1


class SemResposta(Erro):
    """Não se sabe o que aconteceu adiante; nada pode ser desfeito às cegas.

    `alcancado` é o status de pedido até onde a cadeia comprovadamente chegou, se chegou.
    `tentar_em_s` é a sugestão de espera antes de repetir.
    """

    tentar_em_s = 2

    def __init__(self, detalhe: str, *, codigo: str | None = None, alcancado: str | None = None):
        super().__init__(detalhe, codigo=codigo)
        self.alcancado = alcancado


class Indisponivel(SemResposta):
    """Um serviço adiante, ou o banco deste, não atende agora."""

    codigo = "indisponivel"


class PrazoEsgotado(SemResposta):
    """O prazo do checkout acabou antes da resposta."""

    codigo = "prazo_esgotado"
