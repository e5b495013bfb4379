from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

WOKE = models.Q(("data__field", "snoozed_until"), ("data__new", ""), ("kind", "status"))


class Migration(migrations.Migration):
    """What open pages of the queue ask every few seconds: which tickets woke lately. Built concurrently, outside a transaction."""

    atomic = False
    dependencies = [("tickets", "0044_running_ones_of_partners")]
    operations = [
        # What an interrupted build has left, so that this can be run again.
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS event_of_the_woken", migrations.RunSQL.noop),
        AddIndexConcurrently("event", models.Index(fields=["at"], include=["ticket"], condition=WOKE, name="event_of_the_woken")),
    ]
