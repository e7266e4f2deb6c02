"""Quantas senhas erradas se admitem, de quem e de onde, e quanto se espera depois delas.

Valem as dos últimos 15 minutos, em cada serviço à parte e por todos os processos dele: moram no
banco. Quem já entrou por um navegador responde, ali, só pelas suas: quem tenta adivinhar a senha
dele, mesmo do mesmo endereço, não o deixa de fora (OWASP, *Device Cookies*).
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from ecommerce.administracao.models import SenhaErrada
from ecommerce.banco.transacao import transacao

JANELA = timedelta(minutes=15)
# quantas se admitem com os mesmos campos; na última linha, as de todo mundo
LIMITES: dict[tuple[str, ...], int] = {
    ("usuario", "origem"): 5,
    ("origem",): 10,
    ("usuario",): 20,
    (): 40,
}

Conta = tuple[tuple[str, str], ...]
# até quando (relógio monotônico, s) cada conta está cheia: quem insiste não custa uma consulta
_cheias: dict[Conta, float] = {}


class SenhasDemais(Exception):
    """Não se confere mais nenhuma senha antes de `espera_s` segundos."""

    def __init__(self, espera_s: float) -> None:
        super().__init__(espera_s)
        self.espera_s = espera_s


@dataclass(frozen=True)
class Tentativa:
    """Alguém que diz ser `usuario`, vindo de `origem`: um navegador `conhecido`, ou um endereço.

    Os dois são resumos, que não dizem quem nem onde; conhecido é o navegador por que este mesmo
    usuário já entrou.
    """

    usuario: str
    origem: str
    conhecido: bool

    def recusar_se_lembrada(self) -> None:
        """Levanta SenhasDemais, se este processo já sabe que são demais; não consulta o banco."""
        agora = time.monotonic()
        espera_s = max(_cheias.get(conta, agora) - agora for conta, _ in self._contas())
        if espera_s > 0:
            raise SenhasDemais(espera_s)

    def recusar_se_demais(self) -> None:
        """Levanta SenhasDemais, pelo que está no banco."""
        agora, instante = timezone.now(), time.monotonic()
        for conta, limite in self._contas():
            # as que um relógio adiantado pôs no futuro prenderiam até lá
            erradas = SenhaErrada.objects.filter(em__lte=agora, **dict(conta)).order_by("-em")
            for que_enche in erradas[limite - 1 : limite]:
                _cheias[conta] = instante + (que_enche.em + JANELA - agora).total_seconds()
        self.recusar_se_lembrada()

    def errou(self) -> None:
        """Conta mais uma, e esquece as que já não valem. Levanta Indisponivel."""
        agora = time.monotonic()
        for conta, ate in list(_cheias.items()):  # cópia: há duas filas
            if ate < agora:
                _cheias.pop(conta, None)
        with transacao():
            SenhaErrada.objects.filter(em__lte=timezone.now() - JANELA).delete()
            SenhaErrada.objects.create(usuario=self.usuario, origem=self.origem)

    def acertou(self) -> None:
        """Esquece as deste usuário vindas daqui."""
        SenhaErrada.objects.filter(usuario=self.usuario, origem=self.origem).delete()

    def _contas(self) -> Iterator[tuple[Conta, int]]:
        for campos, limite in LIMITES.items():
            yield tuple((campo, getattr(self, campo)) for campo in campos), limite
            if self.conhecido:
                return
