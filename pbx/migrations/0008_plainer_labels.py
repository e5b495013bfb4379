"""Plainer labels of moves and Commitments. Only Django's own state changes: no SQL is run and nothing is locked."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pbx', '0007_names_by_their_words'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='pbxmove',
            options={'ordering': ['-moved_at', '-pk'], 'verbose_name': 'PBX move', 'verbose_name_plural': 'PBX moves'},
        ),
        migrations.AlterField(
            model_name='commitment',
            name='renews',
            field=models.BooleanField(default=True, verbose_name='renews automatically at its end'),
        ),
    ]
