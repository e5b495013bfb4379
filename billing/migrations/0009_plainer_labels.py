"""Plainer labels of bonus terms, credit notes and ledger entries. Only Django's own state changes: no SQL is run and nothing is locked."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('billing', '0008_the_ledger_by_cause'),
    ]

    operations = [
        migrations.AlterField(
            model_name='bonusterms',
            name='rate',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, verbose_name='increase (%)'),
        ),
        migrations.AlterField(
            model_name='bonusterms',
            name='target',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name='monthly target'),
        ),
        migrations.AlterField(
            model_name='creditnote',
            name='source',
            field=models.CharField(max_length=60, unique=True, verbose_name='source'),
        ),
        migrations.AlterField(
            model_name='ledgerentry',
            name='source',
            field=models.CharField(max_length=60, verbose_name='source'),
        ),
        migrations.AlterField(
            model_name='ledgerentry',
            name='title',
            field=models.CharField(max_length=200, verbose_name='description'),
        ),
    ]
