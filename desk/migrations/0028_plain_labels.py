"""Plain English labels: these operations change no column, so no table is locked."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('desk', '0027_bulk_up_to_the_newest'),
    ]

    operations = [
        migrations.AlterField(
            model_name='agent',
            name='capacity',
            field=models.PositiveSmallIntegerField(default=20, verbose_name='maximum running tickets'),
        ),
        migrations.AlterField(
            model_name='agent',
            name='takes_tickets',
            field=models.BooleanField(default=False, verbose_name='gets new tickets automatically'),
        ),
        migrations.AlterField(
            model_name='agent',
            name='undo_seconds',
            field=models.PositiveSmallIntegerField(choices=[(10, '10 seconds'), (20, '20 seconds'), (30, '30 seconds'), (60, 'a minute'), (120, 'two minutes')], db_default=10, default=10, verbose_name='a reply can be undone for'),
        ),
        migrations.AlterField(
            model_name='automation',
            name='is_active',
            field=models.BooleanField(default=False, verbose_name='active'),
        ),
        migrations.AlterField(
            model_name='bulkjob',
            name='state',
            field=models.CharField(choices=[('gathering', 'preparing'), ('running', 'running'), ('done', 'done'), ('undoing', 'undoing'), ('undone', 'undone')], default='gathering', max_length=10),
        ),
        migrations.AlterField(
            model_name='cannedanswer',
            name='is_active',
            field=models.BooleanField(default=True, verbose_name='available'),
        ),
        migrations.AlterField(
            model_name='macro',
            name='is_active',
            field=models.BooleanField(default=True, verbose_name='available'),
        ),
        migrations.AlterField(
            model_name='notice',
            name='kind',
            field=models.CharField(choices=[('mention', 'mentioned you'), ('assigned', 'assigned to you'), ('answer', 'the partner wrote'), ('due', 'due soon'), ('awake', 'snooze ended'), ('job', 'done'), ('undone', 'undone'), ('unsent', 'not sent')], max_length=10),
        ),
        migrations.AlterField(
            model_name='rehearsedrequest',
            name='effect',
            field=models.CharField(choices=[('refused', 'refused'), ('later', 'possible later'), ('dearer', 'more expensive'), ('review', 'needs a review'), ('otherwise', 'judged for different reasons'), ('no_review', 'needs no review'), ('cheaper', 'cheaper'), ('sooner', 'possible earlier'), ('allowed', 'no longer refused')], max_length=10),
        ),
    ]
