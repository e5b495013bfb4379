from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

TO_REVIEW = models.Q(("status__in", ["new", "open"]), ("verdict__outcome", "needs_review"))
INDEX = {"fields": ["-updated_at", "-number"], "include": ["snoozed_until"], "condition": TO_REVIEW}


class Migration(migrations.Migration):
    """Built concurrently beside the old one, which serves until then, outside a transaction: a large table is read and written meanwhile."""

    atomic = False
    dependencies = [("tickets", "0051_counted_by_indexes_alone")]
    operations = [
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS ticket_review_2", migrations.RunSQL.noop),  # of an interrupted build
        AddIndexConcurrently("ticket", models.Index(name="ticket_review_2", **INDEX)),
        RemoveIndexConcurrently("ticket", "ticket_review"),
        migrations.RenameIndex("ticket", new_name="ticket_review", old_name="ticket_review_2"),
    ]
