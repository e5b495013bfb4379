from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

RUNNING = models.Q(("status__in", ["new", "open", "pending", "on_hold"]))
FIELDS = ["partner", "-updated_at", "-number"]


class Migration(migrations.Migration):
    """Built concurrently, outside a transaction: a large table can be written to meanwhile. What is over is not in it, so it is small."""

    atomic = False
    dependencies = [("tickets", "0043_indexes_of_the_snoozed")]
    operations = [AddIndexConcurrently("ticket", models.Index(fields=FIELDS, condition=RUNNING, name="ticket_running_of_partner"))]
