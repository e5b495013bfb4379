"""Labels only: choices and verbose names belong to Django alone, so the database does not change and nothing is locked."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tickets', '0054_room_for_files'),
    ]

    operations = [
        migrations.AlterField(
            model_name='confirmation',
            name='decided_by',
            field=models.CharField(blank=True, max_length=200, verbose_name='decided by'),
        ),
        migrations.AlterField(
            model_name='event',
            name='kind',
            field=models.CharField(choices=[('submitted', 'Submitted'), ('message', 'Message'), ('note', 'Internal note'), ('question', 'Question to the partner'), ('assigned', 'Assigned'), ('status', 'Status changed'), ('overridden', 'Finding overridden'), ('execution_requested', 'Execution started'), ('applied', 'Carried out'), ('answered', 'Answered'), ('refused', 'Not executed'), ('failed', 'Execution failed'), ('step', 'Step completed'), ('confirmation', 'Confirmation'), ('charge_due', 'Charge due'), ('posted', 'Posted to the account'), ('rejected', 'Rejected'), ('withdrawn', 'Withdrawn'), ('solved', 'Solved'), ('reopened', 'Reopened'), ('attached', 'File attached'), ('followed', 'Followers changed'), ('linked', 'Linked'), ('rated', 'Partner’s rating')], max_length=20),
        ),
        migrations.AlterField(
            model_name='ticket',
            name='policy_on',
            field=models.DateField(verbose_name='policy date'),
        ),
        migrations.AlterField(
            model_name='ticket',
            name='reason',
            field=models.CharField(blank=True, choices=[('not_possible', 'Not possible under the policies'), ('unjustified', 'No justification was given'), ('incomplete', 'Information is missing'), ('declined', 'A party declined'), ('duplicate', 'Duplicate of another request'), ('other', 'Other reason, see the message')], max_length=20, verbose_name='reason'),
        ),
        migrations.AlterField(
            model_name='ticketlink',
            name='kind',
            field=models.CharField(choices=[('related', 'is related to'), ('merged', 'was merged into'), ('split', 'was split from'), ('follow_up', 'follows up on')], max_length=10),
        ),
        migrations.AlterField(
            model_name='trouble',
            name='kind',
            field=models.CharField(choices=[('worker', 'Worker, scheduler or queue is not responding'), ('mailbox', 'Replies by e-mail cannot be read'), ('mails', 'E-mails are not being sent'), ('charges', 'Charges are not being posted'), ('disk', 'Disk space for files is running out')], max_length=10),
        ),
    ]
