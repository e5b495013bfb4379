from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

RUNNING = models.Q(("status__in", ["new", "open", "pending", "on_hold"]))


def added(name, condition, *first):
    fields = [*first, "-updated_at", "-number"]
    return AddIndexConcurrently("ticket", models.Index(fields=fields, condition=condition, name=name))


class Migration(migrations.Migration):
    """Indexes for the desk's views. Built concurrently, outside a transaction: a large table can be written to meanwhile."""

    atomic = False
    dependencies = [("tickets", "0004_credits_and_answers")]
    operations = [
        added("ticket_running", RUNNING),
        added("ticket_unassigned", models.Q(("status__in", ["new", "open", "pending", "on_hold"]), ("assignee", None))),
        added(
            "ticket_review", models.Q(("status__in", ["new", "open", "pending", "on_hold"]), ("verdict__outcome", "needs_review"))
        ),
        added("ticket_waiting", models.Q(("status__in", ["pending", "on_hold"]))),
        added("ticket_not_executed", models.Q(("execution__in", ["refused", "failed"]))),
        added("ticket_running_of_assignee", RUNNING, "assignee"),
        RemoveIndexConcurrently("ticket", "ticket_of_assignee"),
    ]
