from django.db import migrations, models


class Migration(migrations.Migration):
    """By how many service level values a ticket's clocks were worked out: a column with a constant default, added at once."""

    dependencies = [("tickets", "0007_indexes_of_the_desk")]
    operations = [
        migrations.AddField("ticket", "sla_stamp", models.IntegerField(db_default=-1, default=-1)),
    ]
