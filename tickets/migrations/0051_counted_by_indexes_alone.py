from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

RUNNING = models.Q(("status__in", ["new", "open", "pending", "on_hold"]))


def again(name, fields, condition, include):
    """The index as it was, holding more columns: built beside the old one, which serves until then, and called like it."""
    return [
        migrations.RunSQL(f"DROP INDEX CONCURRENTLY IF EXISTS {name}_2", migrations.RunSQL.noop),  # of an interrupted build
        AddIndexConcurrently("ticket", models.Index(fields=fields, include=include, condition=condition, name=f"{name}_2")),
        RemoveIndexConcurrently("ticket", name),
        migrations.RenameIndex("ticket", new_name=name, old_name=f"{name}_2"),
    ]


class Migration(migrations.Migration):
    """Built concurrently, outside a transaction: a large table can be read and written to meanwhile. Telling autovacuum locks neither."""

    atomic = False
    dependencies = [("tickets", "0050_subscriptions")]
    operations = [
        *again("ticket_due_of_assignee", ["assignee", "due_at"], RUNNING & models.Q(("due_at__isnull", False)), ["number"]),
        *again(
            "ticket_awaiting",
            ["assignee", "awaiting_since"],
            RUNNING & models.Q(("awaiting_since__isnull", False)),
            ["number", "snoozed_until"],
        ),
        # Of a million tickets autovacuum would wait for 200,000 changes, and until then the rows of the last months are looked up one by
        # one although the index of the reports holds what is asked.
        migrations.RunSQL(
            "ALTER TABLE tickets_ticket SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_insert_scale_factor = 0.01,"
            " autovacuum_analyze_scale_factor = 0.02)",
            "ALTER TABLE tickets_ticket RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_insert_scale_factor,"
            " autovacuum_analyze_scale_factor)",
        ),
    ]
