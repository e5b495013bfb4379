from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Built concurrently, outside a transaction: a large table can be written to meanwhile."""

    atomic = False
    dependencies = [("tickets", "0016_stamp_of_the_clocks")]
    operations = [
        AddIndexConcurrently("ticket", models.Index(condition=models.Q(('status__in', ['new', 'open', 'pending', 'on_hold'])), fields=['sla_stamp', 'number'], name='ticket_stale')),
    ]
