"""How people call these fields; nothing is done in the database."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('classound', '0003_index_of_the_usage'),
        ('pbx', '0004_indexes_of_the_calendar'),
    ]

    operations = [
        migrations.AlterField(
            model_name='call',
            name='did',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='calls', to='classound.did', verbose_name='DID'),
        ),
        migrations.AlterField(
            model_name='did',
            name='pbx',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='dids', to='pbx.pbx', verbose_name='PBX'),
        ),
        migrations.AlterField(
            model_name='emergencylocation',
            name='did',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='emergency_locations', to='classound.did', verbose_name='DID'),
        ),
        migrations.AlterField(
            model_name='portingchange',
            name='did',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='porting_changes', to='classound.did', verbose_name='DID'),
        ),
        migrations.AlterField(
            model_name='specialnumber',
            name='pbx',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='special_numbers', to='pbx.pbx', verbose_name='PBX'),
        ),
    ]
