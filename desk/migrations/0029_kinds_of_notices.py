"""Labels only: no column changes, so no table is locked."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('desk', '0028_plain_labels'),
    ]

    operations = [
        migrations.AlterField(
            model_name='notice',
            name='kind',
            field=models.CharField(choices=[('mention', 'mentioned you'), ('assigned', 'assigned to you'), ('answer', 'news on a ticket you follow'), ('due', 'due soon'), ('awake', 'snooze ended'), ('job', 'done'), ('undone', 'undone'), ('unsent', 'not sent'), ('expired', 'confirmation link expired')], max_length=10),
        ),
    ]
