from django.db import migrations, models


class Migration(migrations.Migration):
    """Only the known kinds of an event change, which the database does not hold: no statement, no lock."""

    dependencies = [("tickets", "0021_merged_and_linked")]
    operations = [
        migrations.AlterField(
            model_name="event",
            name="kind",
            field=models.CharField(choices=[('submitted', 'Submitted'), ('message', 'Message'), ('note', 'Internal note'), ('question', 'Question to the partner'), ('assigned', 'Assigned'), ('status', 'Status changed'), ('overridden', 'Finding overridden'), ('execution_requested', 'Execution started'), ('applied', 'Carried out'), ('answered', 'Answered'), ('refused', 'Not executed'), ('failed', 'Execution failed'), ('step', 'Step taken'), ('confirmation', 'Confirmation'), ('charge_due', 'Charge due'), ('posted', 'Posted to the account'), ('rejected', 'Rejected'), ('withdrawn', 'Withdrawn'), ('solved', 'Solved'), ('reopened', 'Reopened'), ('attached', 'File attached'), ('followed', 'Followers changed'), ('linked', 'Linked'), ('rated', 'Opinion of the partner')], max_length=20),
        ),
    ]
