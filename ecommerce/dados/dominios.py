"""As regras dos serviços que os dados têm de cumprir, achadas pelo nome como nas settings.

`ecommerce` não importa serviço nenhum; os módulos `dominio` não usam Django e carregam sob
quaisquer settings.
"""

from __future__ import annotations

from django.utils.module_loading import import_string

chave_de_acesso = import_string("fiscal.dominio.chave_de_acesso")
sortear_codigo = import_string("fiscal.dominio.sortear_codigo")
SERIE: int = import_string("fiscal.dominio.SERIE")
codigo_rastreamento = import_string("logistica.dominio.codigo_rastreamento")
digito_s10 = import_string("logistica.dominio.digito_s10")
ENTRADA_MAXIMA: int = import_string("estoque.dominio.ENTRADA_MAXIMA")
