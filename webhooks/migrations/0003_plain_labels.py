"""Plain English labels: these operations change no column, so no table is locked."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('webhooks', '0002_kinds'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='webhookcall',
            options={'ordering': ['-pk'], 'verbose_name': 'webhook call', 'verbose_name_plural': 'webhook calls'},
        ),
    ]
