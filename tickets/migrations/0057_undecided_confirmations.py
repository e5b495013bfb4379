from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Built concurrently, outside a transaction: the table can be read and written to meanwhile."""

    atomic = False
    dependencies = [("tickets", "0056_task_failures")]
    operations = [
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS confirmation_undecided", migrations.RunSQL.noop),  # of an interrupted build
        AddIndexConcurrently(
            "confirmation", models.Index(fields=["expires_at"], condition=models.Q(decision=""), name="confirmation_undecided")
        ),
    ]
