"""Como o sistema operacional reparte a CPU entre os processos do checkout."""

from __future__ import annotations

import os


def trabalhar_em_lotes() -> None:
    """Quem acorda não tira a CPU de quem está no meio do seu passo (SCHED_BATCH, sched(7)).

    Um checkout por gRPC acorda dezenas de threads em seis processos; com menos trocas entre elas
    custa 6 % a menos de CPU (por REST não muda). Só há no Linux; as outras threads herdam.
    """
    if hasattr(os, "SCHED_BATCH"):
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
