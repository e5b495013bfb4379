"""How people call these fields; nothing is done in the database."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('hwaas', '0004_billing_starts'),
        ('pbx', '0004_indexes_of_the_calendar'),
    ]

    operations = [
        migrations.AlterField(
            model_name='device',
            name='pbx',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='devices', to='pbx.pbx', verbose_name='PBX'),
        ),
    ]
