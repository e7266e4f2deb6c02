"""A tabela única: categoria de erro <-> HTTP <-> gRPC."""

from __future__ import annotations

from dataclasses import dataclass

from ecommerce import erros


@dataclass(frozen=True)
class Categoria:
    """Como uma categoria aparece em cada transporte; `titulo` é para gente."""

    http: int
    grpc: str
    titulo: str


CATEGORIAS: dict[type[erros.Erro], Categoria] = {
    erros.EntradaInvalida: Categoria(400, "INVALID_ARGUMENT", "Entrada inválida"),
    erros.NaoAutenticado: Categoria(401, "UNAUTHENTICATED", "Não autenticado"),
    erros.NaoPermitido: Categoria(403, "PERMISSION_DENIED", "Não permitido"),
    erros.NaoEncontrado: Categoria(404, "NOT_FOUND", "Não encontrado"),
    erros.Conflito: Categoria(409, "ABORTED", "Conflito"),
    erros.Recusado: Categoria(422, "FAILED_PRECONDITION", "Recusado"),
    erros.Sobrecarga: Categoria(503, "RESOURCE_EXHAUSTED", "Sobrecarga"),
    erros.Indisponivel: Categoria(503, "UNAVAILABLE", "Indisponível"),
    erros.PrazoEsgotado: Categoria(504, "DEADLINE_EXCEEDED", "Prazo esgotado"),
}
ERRO_INTERNO = Categoria(500, "INTERNAL", "Erro interno")

# só o HTTP tem: método, formato e tamanho errados, a requisição que não chega inteira, e o limite
TITULOS_HTTP = {
    405: ("metodo_nao_permitido", "Método não permitido"),
    406: ("tipo_nao_suportado", "Formato de resposta não suportado"),
    408: ("prazo_esgotado", "Requisição incompleta"),
    413: ("grande_demais", "Corpo grande demais"),
    414: ("grande_demais", "Endereço longo demais"),
    415: ("tipo_nao_suportado", "Formato do corpo não suportado"),
    417: ("tipo_nao_suportado", "Expectativa não atendida"),
    429: ("muitas_requisicoes", "Muitas requisições"),
    431: ("grande_demais", "Cabeçalhos grandes demais"),
    501: ("tipo_nao_suportado", "Codificação não suportada"),
}
