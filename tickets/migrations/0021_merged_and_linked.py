"""Words only: a ticket can be merged, and the timeline tells of followers and links. No table is touched, nothing is locked."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("tickets", "0017_index_of_the_stamp"),
    ]

    operations = [
        migrations.AlterField(
            model_name='event',
            name='kind',
            field=models.CharField(choices=[('submitted', 'Submitted'), ('message', 'Message'), ('note', 'Internal note'), ('question', 'Question to the partner'), ('assigned', 'Assigned'), ('status', 'Status changed'), ('overridden', 'Finding overridden'), ('execution_requested', 'Execution started'), ('applied', 'Carried out'), ('answered', 'Answered'), ('refused', 'Not executed'), ('failed', 'Execution failed'), ('step', 'Step taken'), ('confirmation', 'Confirmation'), ('charge_due', 'Charge due'), ('posted', 'Posted to the account'), ('rejected', 'Rejected'), ('withdrawn', 'Withdrawn'), ('solved', 'Solved'), ('reopened', 'Reopened'), ('attached', 'File attached'), ('followed', 'Followers changed'), ('linked', 'Linked')], max_length=20),
        ),
        migrations.AlterField(
            model_name='ticket',
            name='outcome',
            field=models.CharField(blank=True, choices=[('executed', 'Executed'), ('rejected', 'Rejected'), ('withdrawn', 'Withdrawn'), ('answered', 'Answered'), ('merged', 'Merged')], max_length=10, verbose_name='outcome'),
        ),
    ]
