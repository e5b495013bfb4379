from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

RUNNING = models.Q(("status__in", ["new", "open", "pending", "on_hold"]))
FIELDS = ["partner", "-updated_at", "-number"]


class Migration(migrations.Migration):
    """Built concurrently, outside a transaction: a large table can be written to meanwhile. What is over is not in it, so it is small.

    What an interrupted build has left is thrown away first, and so is the index of whoever ran this as 0042.
    """

    atomic = False
    dependencies = [("tickets", "0043_indexes_of_the_snoozed")]
    operations = [
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS ticket_running_of_partner", migrations.RunSQL.noop),
        AddIndexConcurrently("ticket", models.Index(fields=FIELDS, condition=RUNNING, name="ticket_running_of_partner")),
    ]
