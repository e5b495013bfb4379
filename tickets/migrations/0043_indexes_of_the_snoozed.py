from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently, ValidateConstraint
from django.db import migrations, models

RUNNING = models.Q(("status__in", ["new", "open", "pending", "on_hold"]))
SNOOZED = models.Q(("snoozed_until__isnull", False))


def thrown_away(name):
    """What an interrupted build has left, so that this can be run again."""
    return migrations.RunSQL(f"DROP INDEX CONCURRENTLY IF EXISTS {name}", migrations.RunSQL.noop)


def again(name, condition, *first):
    """The index as it was, holding one column more: built beside the old one, which serves until then, and called like it."""
    fields = [*first, "-updated_at", "-number"]
    index = models.Index(fields=fields, include=["snoozed_until"], condition=condition, name=f"{name}_2")
    return [
        thrown_away(f"{name}_2"),
        AddIndexConcurrently("ticket", index),
        RemoveIndexConcurrently("ticket", name),
        migrations.RenameIndex("ticket", new_name=name, old_name=f"{name}_2"),
    ]


class Migration(migrations.Migration):
    """Built concurrently, outside a transaction: a large table can be written to meanwhile, and also while its rows are validated.

    A view of the desk that leaves out what is snoozed is counted by its index alone only if that holds the column. Renaming an index
    locks nothing that reads or writes the table.
    """

    atomic = False
    dependencies = [("tickets", "0042_snoozed")]
    operations = [
        ValidateConstraint("ticket", "only_a_running_ticket_is_snoozed"),
        thrown_away("ticket_snoozed"),
        AddIndexConcurrently("ticket", models.Index(fields=["snoozed_until", "number"], condition=SNOOZED, name="ticket_snoozed")),
        *again("ticket_running", RUNNING),
        *again("ticket_unassigned", models.Q(("status__in", ["new", "open", "pending", "on_hold"]), ("assignee", None))),
        *again("ticket_review", models.Q(("status__in", ["new", "open", "pending", "on_hold"]), ("verdict__outcome", "needs_review"))),
        *again("ticket_waiting", models.Q(("status__in", ["pending", "on_hold"]))),
        *again("ticket_running_of_assignee", RUNNING, "assignee"),
        *again("ticket_running_of_topic", RUNNING, "topic"),
        *again("ticket_waiting_for", models.Q(("waiting_for", ""), _negated=True), "waiting_for"),
    ]
