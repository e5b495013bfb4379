"""Another kind of trouble. The choices are Django's alone: nothing is changed in the database, nothing is locked."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tickets', '0053_forms_to_forget'),
    ]

    operations = [
        migrations.AlterField(
            model_name='trouble',
            name='kind',
            field=models.CharField(choices=[('worker', 'Worker, scheduler or queue is silent'), ('mailbox', 'Answers by mail cannot be read'), ('mails', 'Mails are not sent'), ('charges', 'Fees are not posted'), ('disk', 'Room for files runs out')], max_length=10),
        ),
    ]
