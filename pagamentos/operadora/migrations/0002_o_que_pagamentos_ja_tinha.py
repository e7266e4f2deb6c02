# O caderno que nasce num sistema que já cobrava começa do que pagamentos tem.

from itertools import islice

from django.db import connections, migrations, router

LOTE = 5000


def copiar_dos_pagamentos(apps, schema_editor):
    Pagamento = apps.get_model("pagamentos", "Pagamento")
    Lancamento = apps.get_model("operadora", "Lancamento")
    caderno = schema_editor.connection.alias
    if not router.allow_migrate_model(caderno, Lancamento):
        return
    pagamentos = router.db_for_read(Pagamento)
    if Pagamento._meta.db_table not in connections[pagamentos].introspection.table_names():
        return
    com_valor = Pagamento.objects.using(pagamentos).filter(valor__isnull=False)
    novos = (
        Lancamento(
            pedido_id=pedido_id,
            tipo=tipo,
            status=resposta,
            valor=valor,
            impressao=impressao,
            criado_em=quando,
        )
        for pedido_id, status, valor, impressao, quando in com_valor.order_by("pk")
        .values_list("pk", "status", "valor", "impressao", "data_processamento")
        .iterator(LOTE)
        for tipo, resposta in _lancamentos(status)
    )
    while lote := list(islice(novos, LOTE)):
        Lancamento.objects.using(caderno).bulk_create(lote)


def _lancamentos(status):
    yield "cobranca", "rejeitado" if status == "rejeitado" else "aprovado"
    if status == "estornado":
        yield "estorno", "aprovado"


class Migration(migrations.Migration):

    dependencies = [
        ("operadora", "0001_initial"),
        ("pagamentos", "0002_valor_nulo_so_na_lapide"),
    ]

    operations = [migrations.RunPython(copiar_dos_pagamentos, migrations.RunPython.noop)]
