"""Plainer labels of emergency locations and special numbers. Only Django's own state changes: no SQL is run and nothing is locked."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('classound', '0004_initials_are_named'),
    ]

    operations = [
        migrations.AlterField(
            model_name='emergencylocation',
            name='reason',
            field=models.CharField(blank=True, max_length=500, verbose_name='reason for sending back'),
        ),
        migrations.AlterField(
            model_name='emergencylocation',
            name='status',
            field=models.CharField(choices=[('requested', 'being validated'), ('valid', 'valid'), ('sent_back', 'sent back'), ('replaced', 'replaced by a newer one'), ('left_out', 'left out')], default='requested', max_length=10, verbose_name='status'),
        ),
        migrations.AlterField(
            model_name='specialnumber',
            name='asked_on',
            field=models.DateField(verbose_name='requested on'),
        ),
        migrations.AlterField(
            model_name='specialnumber',
            name='decision',
            field=models.CharField(choices=[('requested', 'under review'), ('granted', 'granted'), ('refused', 'refused')], default='requested', max_length=10, verbose_name='decision'),
        ),
    ]
