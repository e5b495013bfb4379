"""Plainer labels of items, billing starts and RMAs. Only Django's own state changes: no SQL is run and nothing is locked."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('hwaas', '0007_rmas_that_were_given_up'),
    ]

    operations = [
        migrations.AlterField(
            model_name='billingstart',
            name='previous',
            field=models.DateField(blank=True, null=True, verbose_name='previous billing start'),
        ),
        migrations.AlterField(
            model_name='item',
            name='hwaas_monthly_price',
            field=models.DecimalField(decimal_places=2, max_digits=12, verbose_name='monthly HWaaS price'),
        ),
        migrations.AlterField(
            model_name='rma',
            name='delivery',
            field=models.CharField(blank=True, choices=[('to_quote', 'to be quoted'), ('quoted', 'quoted'), ('agreed', 'agreed')], default='', max_length=10),
        ),
        migrations.AlterField(
            model_name='rma',
            name='state',
            field=models.CharField(choices=[('opened', 'opened'), ('labels_sent', 'return labels sent'), ('in_transit', 'on its way to us'), ('received', 'received'), ('choice', 'waiting for partner’s choice'), ('waiting_stock', 'waiting for stock'), ('replaced', 'replacement sent'), ('returned', 'taken back'), ('given_up', 'not sent back')], default='opened', max_length=15),
        ),
    ]
