"""O que a equipe pode pela API de cada serviço: o que pode no admin, nem mais nem menos.

Roda uma vez com as settings de cada um, junto dos testes dele.
"""

from __future__ import annotations

import pytest

from testes.apoio.equipe import (
    conferir_que_a_api_segue_o_admin,
    conferir_que_a_pagina_so_oferece_o_que_se_pode,
    conferir_que_a_sessao_so_abre_a_quem_e_da_equipe,
    conferir_que_o_esquema_diz_o_que_e_so_de_programas,
)

pytestmark = pytest.mark.django_db(transaction=True)


def teste_a_equipe_pode_na_api_o_que_pode_no_admin() -> None:
    conferir_que_a_api_segue_o_admin()


def teste_quem_nao_e_da_equipe_nao_pode_nada() -> None:
    conferir_que_a_sessao_so_abre_a_quem_e_da_equipe()


def teste_a_pagina_so_oferece_o_que_se_pode() -> None:
    conferir_que_a_pagina_so_oferece_o_que_se_pode()


def teste_o_esquema_diz_o_que_e_so_de_programas() -> None:
    conferir_que_o_esquema_diz_o_que_e_so_de_programas()
