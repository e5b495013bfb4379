import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

RUNNING = models.Q(("status__in", ["new", "open", "pending", "on_hold"]))


def added(name, condition, *first):
    fields = [*first, "-updated_at", "-number"]
    return AddIndexConcurrently("ticket", models.Index(fields=fields, condition=condition, name=name))


class Migration(migrations.Migration):
    """A column that is empty at first, added at once; indexes built concurrently, outside a transaction."""

    atomic = False
    dependencies = [("tickets", "0007_indexes_of_the_desk")]
    operations = [
        migrations.AddField("ticket", "search_internal", django.contrib.postgres.search.SearchVectorField(editable=False, null=True)),
        added("ticket_running_of_topic", RUNNING, "topic"),
        added("ticket_waiting_for", models.Q(("waiting_for", ""), _negated=True), "waiting_for"),
        AddIndexConcurrently("ticket", models.Index(fields=["priority", "number"], name="ticket_priority")),
        AddIndexConcurrently(
            "ticket",
            django.contrib.postgres.indexes.GinIndex(
                fields=["search_internal"], condition=models.Q(("search_internal__isnull", False)), name="ticket_search_internal"
            ),
        ),
    ]
